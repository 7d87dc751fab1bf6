import { DiptychError } from '../errors/diptych-error.js';
import type { DocumentId } from './document.js';

/** A document became larger than its store takes. The message that made it so parks. */
export class DocumentTooLargeError extends DiptychError {
  constructor(model: string, id: DocumentId, bytes: number, maxBytes: number) {
    super({
      code: 'document-too-large',
      message: `Document '${id.name}' of read model '${model}' would take ${bytes} bytes; its store takes ${maxBytes}.`,
      details: { model, id, bytes, maxBytes },
    });
  }
}

/** This version of the read model is not built from the journal yet. Asking again later may succeed. */
export class ReadModelNotReadyError extends DiptychError {
  /** `hasBegun`: whether somebody builds it. */
  constructor(model: string, version: number, hasBegun = true) {
    const why = hasBegun
      ? 'is still being built.'
      : "is not there: no app with the role 'projections' has been started on this database since it was added.";
    super({
      code: 'read-model-not-ready',
      message: `Version ${version} of read model '${model}' ${why}`,
      retryable: true,
      origin: 'infrastructure',
      details: { model, version },
    });
  }
}

/**
 * Documents that were written are not there any more: the server that had them was replaced by one that lags behind,
 * or has started empty. The projection goes back and applies their events again.
 */
export class DocumentsLostError extends DiptychError {
  constructor(model: string, options?: { readonly cause?: unknown }) {
    super({
      code: 'documents-lost',
      message: `Documents of read model '${model}' that were written are not there any more. They are made again from the journal.`,
      retryable: true,
      origin: 'infrastructure',
      details: { model },
      ...options,
    });
  }
}

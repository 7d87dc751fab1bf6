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

/** This version of the read model is still being built from the journal. Asking again later may succeed. */
export class ReadModelNotReadyError extends DiptychError {
  constructor(model: string, version: number) {
    super({
      code: 'read-model-not-ready',
      message: `Version ${version} of read model '${model}' is still being built.`,
      retryable: true,
      origin: 'infrastructure',
      details: { model, version },
    });
  }
}

import type { Marks } from './marks.js';

/** A document's identity. */
export interface DocumentId {
  readonly tenant: string;
  readonly name: string;
}

/** A document as a store holds it. */
export interface StoredDocument {
  readonly id: DocumentId;
  /** The document as JSON text; `null` for a tombstone, which keeps a deleted document's marks. */
  readonly body: string | null;
  readonly marks: Marks;
  /** Changes with each write; the store's own token (etag). */
  readonly revision: string;
}

/** The new state of one document, on condition that nobody wrote it since. */
export interface DocumentChange {
  readonly id: DocumentId;
  readonly body: string | null;
  readonly marks: Marks;
  /** The revision that was loaded, or that the last write answered; `undefined`: the document, and its tombstone, must not exist. */
  readonly expectedRevision: string | undefined;
}

/** The revision that the document has now. `conflict`: somebody wrote it since, nothing was changed. */
export type WriteOutcome = { readonly revision: string } | 'conflict';

import type { SearchDocument } from '../documents/search-document.js';

/** A document that fits, and how well. */
export interface Found {
  readonly key: string;
  readonly document: SearchDocument;
  readonly score: number;
}

import type { JsonValue } from '../json.js';

export interface SearchRequest {
  readonly method: string;
  /** The index that the path names. */
  readonly index: string | undefined;
  /** What of the service or of the index is asked: `indexes`, `docs`, `docs/search.index`, … */
  readonly resource: string;
  /** The key of a document, where the path names one. */
  readonly key: string | undefined;
  readonly query: URLSearchParams;
  /** As it was asked, for links to the next page. */
  readonly url: string;
  readonly body: unknown;
  /** By its name in small letters. */
  header(name: string): string | undefined;
}

export interface SearchAnswer {
  readonly status: number;
  readonly body?: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}

import type { DocumentId } from './document.js';

/** A document's identity as one text: what a subscription keeps order and parks by. */
export function documentKey({ tenant, name }: DocumentId): string {
  return `${encodeURIComponent(tenant)}/${name}`;
}

/** The identity that `documentKey` made a text of. */
export function documentIdOf(key: string): DocumentId {
  const slash = key.indexOf('/');
  return { tenant: decodeURIComponent(key.slice(0, slash)), name: key.slice(slash + 1) };
}

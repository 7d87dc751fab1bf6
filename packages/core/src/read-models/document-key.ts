import type { DocumentId } from './document.js';

/** What stands for itself, as most tenants do. Looking is quicker than encoding, and this is asked for every event. */
const plain = /^[\w-]*$/;

/** A document's identity as one text: what a subscription keeps order and parks by. */
export function documentKey({ tenant, name }: DocumentId): string {
  return `${plain.test(tenant) ? tenant : encodeURIComponent(tenant)}/${name}`;
}

/** The identity that `documentKey` made a text of. */
export function documentIdOf(key: string): DocumentId {
  const slash = key.indexOf('/');
  const tenant = key.slice(0, slash);
  return { tenant: plain.test(tenant) ? tenant : decodeURIComponent(tenant), name: key.slice(slash + 1) };
}

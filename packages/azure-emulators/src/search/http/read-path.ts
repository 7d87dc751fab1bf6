import { badRequest } from '../search-error.js';

export interface RequestedPath {
  readonly index: string | undefined;
  readonly resource: string;
  readonly key: string | undefined;
}

/** The names of operations beside a shorter form of each. */
const shortForms: Readonly<Record<string, string>> = {
  'docs/index': 'docs/search.index',
  'docs/search': 'docs/search.post.search',
  'docs/suggest': 'docs/search.post.suggest',
  'docs/autocomplete': 'docs/search.post.autocomplete',
  stats: 'search.stats',
};

/** Reads `/indexes('orders')/docs('42')`, or `/indexes/orders/docs/…`. */
export function readPath(rawPath: string): RequestedPath {
  const path = decoded(rawPath).replace(/^\/+|\/+$/g, '');
  const [, indexInQuotes, indexPlain, rest = ''] =
    /^indexes(?:\('([^']*)'\)|\/([^/']+))?(?:\/(.*))?$/.exec(path) ?? [];
  const index = indexInQuotes ?? indexPlain;
  if (index === undefined) return { index, resource: path, key: undefined };
  const key = /^docs\('(.*)'\)$/s.exec(rest)?.[1]?.replaceAll("''", "'");
  if (key !== undefined) return { index, resource: 'docs', key };
  const resource = rest === '' ? 'index' : (shortForms[rest] ?? rest);
  return { index, resource, key };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('The path is not encoded as a URL is.');
  }
}

import { methodNotAllowed, notFound } from '../search-error.js';
import type { SearchRequest } from './search-request.js';

/** What a request does, as it is counted. */
export type SearchOperation =
  | 'create-index'
  | 'list-indexes'
  | 'get-index'
  | 'put-index'
  | 'delete-index'
  | 'index-statistics'
  /** A batch of documents. */
  | 'batch'
  | 'search'
  | 'suggest'
  | 'autocomplete'
  | 'lookup'
  | 'count';

const operations: Readonly<Record<string, Readonly<Record<string, SearchOperation>>>> = {
  indexes: { GET: 'list-indexes', POST: 'create-index' },
  index: { GET: 'get-index', PUT: 'put-index', DELETE: 'delete-index' },
  'search.stats': { GET: 'index-statistics' },
  'docs/search.index': { POST: 'batch' },
  'docs/search.post.search': { POST: 'search' },
  'docs/search.post.suggest': { POST: 'suggest' },
  'docs/search.post.autocomplete': { POST: 'autocomplete' },
  'docs/$count': { GET: 'count' },
};

/** What a key for questions may do. */
export const readingOperations: ReadonlySet<SearchOperation> = new Set([
  'search',
  'suggest',
  'autocomplete',
  'lookup',
  'count',
]);

/** Throws for what there is not, or not here. */
export function operationOf({
  resource,
  key,
  method,
}: Pick<SearchRequest, 'resource' | 'key' | 'method'>): SearchOperation {
  const here =
    key !== undefined
      ? { GET: 'lookup' as const }
      : Object.hasOwn(operations, resource) && operations[resource];
  if (!here) throw notFound(`There is no '${resource}' here.`);
  const operation = (here as Readonly<Record<string, SearchOperation>>)[method];
  if (operation === undefined) throw methodNotAllowed(`'${method}' is not for '${resource}'.`);
  return operation;
}

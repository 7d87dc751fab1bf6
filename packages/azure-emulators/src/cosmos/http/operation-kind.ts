import { type CosmosRequest, isTrue } from './cosmos-request.js';

/** What a request does, as it is counted. */
export type CosmosOperation =
  | 'read'
  | 'create'
  | 'upsert'
  | 'replace'
  | 'patch'
  | 'delete'
  | 'batch'
  | 'bulk'
  | 'query'
  | 'query-plan'
  | 'feed'
  | 'change-feed'
  | 'delete-by-key'
  /** About databases, containers, ranges and offers. */
  | 'metadata';

const onItem: Readonly<Record<string, CosmosOperation>> = {
  GET: 'read',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function operationOf(request: CosmosRequest): CosmosOperation {
  const { method, path } = request;
  const [dbs, , colls, , kind] = path;
  if (dbs !== 'dbs' || colls !== 'colls') return 'metadata';
  if (kind === 'operations') return 'delete-by-key';
  if (kind !== 'docs') return 'metadata';
  if (path.length === 6) return onItem[method] ?? 'metadata';
  if (path.length !== 5 || (method !== 'GET' && method !== 'POST')) return 'metadata';
  if (method === 'GET') return request.header('a-im') === undefined ? 'feed' : 'change-feed';
  return posted(request);
}

function posted(request: CosmosRequest): CosmosOperation {
  if (isTrue(request.header('x-ms-cosmos-is-query-plan-request'))) return 'query-plan';
  if (isTrue(request.header('x-ms-documentdb-isquery'))) return 'query';
  if (isTrue(request.header('x-ms-cosmos-is-batch-request'))) {
    return isTrue(request.header('x-ms-cosmos-batch-atomic')) ? 'batch' : 'bulk';
  }
  return isTrue(request.header('x-ms-documentdb-is-upsert')) ? 'upsert' : 'create';
}

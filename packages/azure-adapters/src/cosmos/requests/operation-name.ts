import type { PluginConfig } from '@azure/cosmos';

export type RequestContext = Parameters<PluginConfig['plugin']>[0];

const resources: Readonly<Record<string, string>> = {
  docs: 'item',
  colls: 'container',
  dbs: 'database',
  pkranges: 'partition_key_ranges',
  '': 'account',
};

/** What a request does, in OpenTelemetry's names for Cosmos DB where there is one: `read_item`, `query_items`, … */
export function operationName({ operationType, resourceType, headers = {} }: RequestContext): string {
  const resource = resources[resourceType ?? ''] ?? resourceType;
  switch (operationType) {
    case 'batch':
      return isTrue(headers['x-ms-cosmos-batch-atomic']) ? 'execute_batch' : 'execute_bulk';
    case 'query':
      if (resourceType !== 'docs') return `query_${resource}`;
      if (headers['A-IM'] !== undefined) return 'query_change_feed';
      return isTrue(headers['x-ms-documentdb-isquery']) ? 'query_items' : 'read_all_items';
    case 'read':
      if (isTrue(headers['x-ms-cosmos-is-query-plan-request'])) return 'plan_query';
      return `read_${resource}`;
    default:
      return `${operationType}_${resource}`;
  }
}

/** The database and container in a path: `/dbs/shop/colls/orders/docs/7`. */
export function placeOf({ path = '' }: RequestContext): {
  readonly database: string | undefined;
  readonly container: string | undefined;
} {
  const [, , database, , container] = `/${path.replace(/^\//, '')}`.split('/');
  return { database: decoded(database), container: decoded(container) };
}

function decoded(part: string | undefined): string | undefined {
  return part === undefined || part === '' ? undefined : decodeURIComponent(part);
}

function isTrue(header: unknown): boolean {
  return String(header).toLowerCase() === 'true';
}

import type { SqlParameter } from '@azure/cosmos';
import { type Place, placeOf } from '../../ordering/ordered-place.js';
import { textOf } from '../../ordering/ordered-text.js';
import { orderOfIds } from './document-item.js';
import { addressOf, type PartitionBy } from './placement.js';
import type { PageQuery } from './reading.js';

export interface FoundQueryOptions {
  readonly copy: string;
  readonly tenant: string;
  readonly partitionBy: PartitionBy;
  readonly limit: number;
  /** The property that the documents are ordered by: those without it are none. */
  readonly order: string;
  /** The end of the page before: only what lies behind it. */
  readonly after: string | undefined;
  readonly descending: boolean;
  /** Only documents that have this key in this property. */
  readonly key?: { readonly in: string; readonly value: string };
}

export interface FoundRow {
  readonly place: string;
  readonly doc: unknown;
}

/** A page of documents in order. Nothing of a caller's is in the text of the query. */
export function foundQuery(options: FoundQueryOptions): PageQuery {
  const { copy, tenant, partitionBy, limit, order, after, descending, key } = options;
  const [, tenantPart, place] = addressOf(copy, partitionBy, { tenant, name: '' }).partitionKey;
  const isOne = partitionBy === 'tenant';
  const conditions = ['c.copy = @copy', 'c.tenant = @tenant', `IS_DEFINED(${order})`];
  const parameters: SqlParameter[] = [
    { name: '@copy', value: copy },
    { name: '@tenant', value: tenantPart },
  ];
  if (key !== undefined) {
    conditions.push(`ARRAY_CONTAINS(${key.in}, @key)`);
    parameters.push({ name: '@key', value: key.value });
  }
  if (after !== undefined) {
    conditions.push(`${order} ${descending ? '<' : '>'} @after`);
    parameters.push({ name: '@after', value: after });
  }
  const where = conditions.join(' AND ');
  const direction = descending ? 'DESC' : 'ASC';
  return {
    query: `SELECT ${order} AS place, c.doc FROM c WHERE ${where} ORDER BY ${order} ${direction}`,
    parameters,
    partitionKey: isOne ? [copy, tenantPart, place] : [copy, tenantPart],
    limit,
  };
}

export function placeIn(order: string, { place }: FoundRow): Place {
  return order === orderOfIds ? { sort: null, id: textOf(place) } : placeOf(place);
}

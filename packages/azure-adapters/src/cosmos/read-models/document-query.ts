import { DiptychError, ProgrammingError, pageSizeOf } from '@diptych/core';
import { readSql, type SqlText } from '../queries/asked-sql.js';
import { type BoundTo, boundQuery } from '../queries/bound-query.js';
import { queryError } from '../queries/query-errors.js';
import { refusedQuery } from '../queries/refused-query.js';
import type { SqlFragment } from '../queries/sql-fragment.js';
import type { HeldCopy } from './copies-item.js';
import { digestOf } from './item-names.js';
import { addressOf } from './placement.js';
import type { CosmosReading } from './reading.js';
import type { SessionTokens } from './session-tokens.js';

export interface CosmosQueryOptions {
  /**
   * Whose documents, where they are parted by the beginning of their ids: that beginning (`customer-7`), or the id of one
   * of them. Such a query goes to one logical partition.
   */
  readonly place?: string | undefined;
  /** All documents of the tenant, though they are parted so. Default false: `place` must be said. */
  readonly acrossPlaces?: boolean | undefined;
  /** How many rows at most. Default 100, at most 1,000. */
  readonly limit?: number | undefined;
  /** Where an earlier page of the same query ended: its `next`. Anything else is refused with `page-after`. */
  readonly after?: string | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

export interface CosmosRows<Row> {
  readonly rows: readonly Row[];
  /** For the next page; `undefined` when there is none. */
  readonly next: string | undefined;
  /** What it cost, in request units. */
  readonly requestCharge: number;
}

export interface QueriedCopy {
  readonly tenant: string;
  readonly held: HeldCopy;
  readonly reading: CosmosReading;
  readonly required: SessionTokens | undefined;
}

/** Asks a query of one tenant's documents in one copy, until there are as many rows as asked. */
export async function queryDocuments<Row>(
  queried: QueriedCopy,
  asked: SqlFragment | SqlText,
  options: CosmosQueryOptions,
): Promise<CosmosRows<Row>> {
  const limit = pageSizeOf({ limit: options.limit });
  const boundTo = boundToIn(queried, options);
  const read = readSql(asked);
  const query = boundQuery(read, boundTo);
  const question = digestOf(JSON.stringify([query.text, query.parameters]));
  const ask = queried.reading.pages<Row>(
    { query: query.text, parameters: query.parameters, partitionKey: boundTo as readonly string[] },
    {
      required: queried.required,
      abortSignal: options.abortSignal,
      refusal: (error) => refusedQuery(error, read.text, query),
    },
  );
  const rows: Row[] = [];
  let [requestCharge, token] = [0, tokenIn(options.after, question)];
  for (;;) {
    const page = await ask(limit - rows.length, token);
    rows.push(...page.rows);
    requestCharge += page.charge;
    token = page.token;
    if (rows.length > limit || (rows.length === limit && page.hasMore && token === undefined))
      throw queryError(
        `it gives more than ${limit} rows and cannot be continued, as it groups them or takes each once`,
      );
    if (!page.hasMore) return { rows, next: undefined, requestCharge };
    if (rows.length === limit) return { rows, next: nextOf(token!, question), requestCharge };
  }
}

function boundToIn({ tenant, held }: QueriedCopy, { place, acrossPlaces }: CosmosQueryOptions): BoundTo {
  const { id, partitionBy } = held;
  const [copy, tenantPart, placePart] = addressOf(id, partitionBy, {
    tenant,
    name: place ?? '',
  }).partitionKey;
  if (partitionBy === 'tenant' && place === undefined) return [copy, tenantPart, placePart];
  const isParted = typeof partitionBy === 'object';
  if (place !== undefined && (!isParted || acrossPlaces === true))
    throw placeError('`place` is said of documents that are parted by it, and not with `acrossPlaces`');
  if (place !== undefined) return [copy, tenantPart, placePart];
  if (isParted && acrossPlaces !== true)
    throw placeError('say whose documents by `place`, or that it is about all by `acrossPlaces: true`');
  return [copy, tenantPart];
}

function placeError(why: string): ProgrammingError {
  return new ProgrammingError('cosmos-query-place', `This query cannot be asked: ${why}.`);
}

function nextOf(token: string, question: string): string {
  return Buffer.from(JSON.stringify([question, token])).toString('base64url');
}

/** Of the same query, with the same values, of the same tenant and copy. */
function tokenIn(after: string | undefined, question: string): string | undefined {
  if (after === undefined) return undefined;
  try {
    const [asked, token] = JSON.parse(Buffer.from(after, 'base64url').toString()) as readonly unknown[];
    if (asked === question && typeof token === 'string') return token;
  } catch {
    // Said below, as for a text of another shape.
  }
  throw new DiptychError({
    code: 'page-after',
    message: 'This is not the `next` of an earlier page of this query.',
  });
}

import type {
  Container,
  OperationInput,
  OperationResponse,
  SharedOptions,
  SqlParameter,
} from '@azure/cosmos';
import { type DiptychError, stored } from '@diptych/core';
import { cosmosError } from '../requests/cosmos-errors.js';
import { type BatchAnswer, executeBatch } from '../requests/execute-batch.js';
import { mayBeDone } from '../requests/request-failure.js';
import type { SubscriptionItem } from './subscription-items.js';

/** An item as the service last gave it. */
export interface Found<Item> {
  readonly item: Item;
  readonly etag: string;
}

/** What the write quorum says, and the token with which queries see no less than that. */
export interface Fresh<Item> {
  readonly found: Found<Item> | undefined;
  readonly session: string | undefined;
}

export interface Query {
  readonly query: string;
  readonly parameters?: Readonly<Record<string, string | number | readonly string[]>>;
}

export interface RowsOptions {
  /** The token of a look that the rows must not be older than. */
  readonly session?: string | undefined;
  readonly limit?: number;
}

/**
 * - `written`: all of it, with the items as they are now, in the order of the operations (`undefined` for a deletion).
 * - `changed`: nothing, for an item is not (any more) as the write expected.
 * - `unknown`: no answer came. It may have been written, also later.
 */
export type WriteOutcome =
  | { readonly kind: 'written'; readonly found: readonly (Found<SubscriptionItem> | undefined)[] }
  | { readonly kind: 'changed' }
  | { readonly kind: 'unknown'; readonly cause: DiptychError };

/** So many operations are one batch at most. */
export const operationsInBatch = 100;

/** The items of subscriptions: each is one logical partition, and each write one transactional batch in it. */
export class SubscriptionSpace {
  readonly #container: Container;

  constructor(container: Container) {
    this.#container = container;
  }

  /**
   * An item as it is now. A batch goes to the write quorum, also one that only reads, so no replica that lags is asked,
   * and its session token holds the queries that follow to the same.
   */
  async fresh<Item extends SubscriptionItem>(subscription: string, id: string): Promise<Fresh<Item>> {
    const { result, headers } = await this.#again(() =>
      this.#batch(subscription, [{ operationType: 'Read', id }]),
    );
    const [read] = result;
    const session = headers['x-ms-session-token'] as string | undefined;
    if (read?.statusCode === 404) return { found: undefined, session };
    if (read?.statusCode !== 200) throw readError(read);
    return { found: foundIn(read) as Found<Item>, session };
  }

  /** One item at the least cost, from whichever replica; and the service's time, to the second. */
  async point<Item extends SubscriptionItem>(subscription: string, id: string) {
    const { resource, headers } = await this.#container
      .item(id, stored(subscription))
      .read<Item>(sessionOptions())
      .catch(fail);
    const date = Date.parse(String(headers.date));
    return { item: resource, now: Number.isNaN(date) ? undefined : date };
  }

  /** All rows. Without a subscription: of all of them. */
  async rows<Row>(
    subscription: string | undefined,
    query: Query,
    { session, limit = Number.POSITIVE_INFINITY }: RowsOptions = {},
  ): Promise<readonly Row[]> {
    const parameters = Object.entries(query.parameters ?? {}).map(
      ([name, value]) => ({ name: `@${name}`, value }) as SqlParameter,
    );
    const pages = this.#container.items.query<Row>(
      { query: query.query, parameters },
      {
        ...sessionOptions(session),
        ...(subscription !== undefined && { partitionKey: stored(subscription) }),
      },
    );
    const rows: Row[] = [];
    while (pages.hasMoreResults() && rows.length < limit)
      rows.push(...((await pages.fetchNext().catch(fail)).resources ?? []));
    return rows.slice(0, limit);
  }

  /** All of it or nothing. */
  async write(subscription: string, operations: readonly OperationInput[]): Promise<WriteOutcome> {
    let answer: BatchAnswer;
    try {
      answer = await this.#batch(subscription, operations);
    } catch (error) {
      if (!mayBeDone(error)) throw cosmosError(error, writing);
      return { kind: 'unknown', cause: cosmosError(error, writing) };
    }
    const failed = answer.result.find(({ statusCode }) => statusCode >= 300 && statusCode !== 424);
    if (failed === undefined) return { kind: 'written', found: answer.result.map(foundIn) };
    if (isChanged.has(failed.statusCode)) return { kind: 'changed' };
    throw cosmosError(failed, writing);
  }

  /** The SDK asks again where it knows that it reads. */
  async #again<T>(read: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await read();
      } catch (error) {
        if (attempt === 3 || !mayBeDone(error)) throw readError(error);
      }
    }
  }

  #batch(subscription: string, operations: readonly OperationInput[]): Promise<BatchAnswer> {
    return executeBatch(this.#container, operations, stored(subscription), sessionOptions());
  }
}

/** The item was changed, exists already, is gone, or others write it at this very moment. */
const isChanged = new Set([412, 409, 404, 449]);

function sessionOptions(session?: string): SharedOptions {
  return { consistencyLevel: 'Session', ...(session !== undefined && { sessionToken: session }) };
}

function foundIn({ resourceBody, eTag }: OperationResponse): Found<SubscriptionItem> | undefined {
  if (resourceBody === undefined || resourceBody === null) return undefined;
  return { item: resourceBody as unknown as SubscriptionItem, etag: eTag ?? String(resourceBody._etag) };
}

const writing = { doing: 'write a subscription', writes: true };

function readError(error: unknown): DiptychError {
  return cosmosError(error, { doing: 'read a subscription' });
}

function fail(error: unknown): never {
  throw readError(error);
}

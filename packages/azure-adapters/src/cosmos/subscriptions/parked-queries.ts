import { type ParkedMessage, type ParkedQuery, type ParkedState, type Position, stored } from '@diptych/core';
import { parkedMessage } from './parked-item.js';
import { type StoreTime, storeTime } from './store-time.js';
import { keyIdOf, type ParkedItem, parkedId } from './subscription-items.js';
import type { Query, SubscriptionSpace } from './subscription-space.js';

/** Which partition of which subscription, and the token of a look at it that the answer must not be older than. */
export interface Within {
  readonly subscription: string;
  readonly partition: number;
  readonly session: string | undefined;
}

interface TimedItem {
  readonly item: ParkedItem;
  readonly now: number;
}

const timedItem = `SELECT c AS item, ${storeTime} AS now FROM c`;
const parkedIn = `c.kind = 'parked' AND c.partition = @partition`;

/** What is parked, as queries of Cosmos DB. Heads that may run are told by `runAt`. */
export class ParkedQueries {
  readonly #space: SubscriptionSpace;
  readonly #time: StoreTime;

  constructor(space: SubscriptionSpace, time: StoreTime) {
    this.#space = space;
    this.#time = time;
  }

  /** The ids of those keys that have parked messages. */
  async gated(within: Within): Promise<readonly string[]> {
    return this.#of<string>(within, {
      query: `SELECT VALUE c.key FROM c WHERE ${parkedIn} AND c.isHead = true`,
    });
  }

  async ready(within: Within, limit: number): Promise<readonly ParkedMessage[]> {
    return this.#messages(
      within.subscription,
      {
        query: `${timedItem} WHERE ${parkedIn} AND c.runAt >= 0 AND c.runAt <= ${storeTime} ORDER BY c.position`,
        parameters: { partition: within.partition },
      },
      { limit, session: within.session },
    );
  }

  async nextDueInMs(within: Within): Promise<number | undefined> {
    const [next] = await this.#of<{ runAt: number; now: number }>(within, {
      query: `SELECT TOP 1 c.runAt, ${storeTime} AS now FROM c WHERE ${parkedIn} AND c.runAt > 0 ORDER BY c.runAt`,
    });
    return next === undefined ? undefined : Math.max(0, next.runAt - this.#time.seen(next.now));
  }

  /** The first of a key's queue, and the one behind it. */
  async firstTwo(within: Within, key: string): Promise<readonly ParkedItem[]> {
    return this.#of<ParkedItem>(within, {
      query: `SELECT TOP 2 * FROM c WHERE ${parkedIn} AND c.keyId = @keyId ORDER BY c.place`,
      parameters: { keyId: keyIdOf(key) },
    });
  }

  /** Of the messages that are to be parked: which are already, and which of their keys have a head. */
  async alike(
    within: Within,
    messages: readonly { readonly key: string; readonly position: Position }[],
  ): Promise<{ readonly ids: ReadonlySet<string>; readonly keyIds: ReadonlySet<string> }> {
    const ids = messages.map(({ key, position }) => parkedId(within.partition, key, position));
    const keyIds = [...new Set(messages.map(({ key }) => keyIdOf(key)))];
    const found = await this.#of<Pick<ParkedItem, 'id' | 'keyId'>>(within, {
      query: `SELECT c.id, c.keyId FROM c WHERE ${parkedIn} AND ARRAY_CONTAINS(@keyIds, c.keyId)
        AND (c.isHead = true OR ARRAY_CONTAINS(@ids, c.id))`,
      parameters: { keyIds, ids },
    });
    return { ids: new Set(found.map(({ id }) => id)), keyIds: new Set(found.map(({ keyId }) => keyId)) };
  }

  /** Parked messages of any kind, in position order. */
  async list({ subscription, limit, ...query }: ParkedQuery): Promise<readonly ParkedMessage[]> {
    const conditions = [`c.kind = 'parked'`, ...conditionsOf(query)];
    return this.#messages(
      subscription,
      {
        query: `${timedItem} WHERE ${conditions.join(' AND ')} ORDER BY c.position`,
        parameters: {
          ...(query.partition !== undefined && { partition: query.partition }),
          ...(query.key !== undefined && { keyId: keyIdOf(query.key) }),
          ...(query.messageId !== undefined && { messageId: stored(query.messageId) }),
        },
      },
      { ...(limit !== undefined && { limit }) },
    );
  }

  #of<Row>({ subscription, partition, session }: Within, { query, parameters }: Query) {
    return this.#space.rows<Row>(
      subscription,
      { query, parameters: { ...parameters, partition } },
      { session },
    );
  }

  async #messages(
    subscription: string | undefined,
    query: Query,
    options: { readonly limit?: number; readonly session?: string | undefined },
  ): Promise<readonly ParkedMessage[]> {
    const rows = await this.#space.rows<TimedItem>(subscription, query, options);
    return rows.map(({ item, now }) => parkedMessage(item, now));
  }
}

function conditionsOf({ partition, key, messageId, state }: ParkedQuery): readonly string[] {
  return [
    ...(partition === undefined ? [] : ['c.partition = @partition']),
    ...(key === undefined ? [] : ['c.keyId = @keyId']),
    ...(messageId === undefined ? [] : ['c.messageId = @messageId']),
    ...(state === undefined ? [] : [stateConditions[state]]),
  ];
}

// The same as in `parkedMessage`, as conditions.
const wanted = `(c.wish = null OR c.wish = 'retry')`;
const stateConditions: Readonly<Record<ParkedState, string>> = {
  waiting: 'c.isHead = false',
  discarding: `c.isHead = true AND c.wish = 'discard'`,
  ready: `c.isHead = true AND ${wanted} AND c.runAt <= ${storeTime}`,
  held: 'c.isHead = true AND c.runAt = null',
  delayed: `c.isHead = true AND ${wanted} AND c.runAt > ${storeTime}`,
};

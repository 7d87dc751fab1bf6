import { randomUUID } from 'node:crypto';
import type { OperationInput } from '@azure/cosmos';
import type {
  FencedOr,
  NewParkedMessage,
  Ownership,
  ParkedAddress,
  ParkedFailure,
  Position,
} from '@diptych/core';
import { attempts } from './attempts.js';
import type { FencedWrites, Plan } from './fenced-writes.js';
import { json } from './json.js';
import { failedAgain, parkedItem } from './parked-item.js';
import { discardOperation, inBatches, moveUpOperation, wishOperation } from './parked-operations.js';
import type { ParkedQueries } from './parked-queries.js';
import type { StoreTime } from './store-time.js';
import { keyIdOf, type ParkedItem, type PartitionItem, parkedId } from './subscription-items.js';
import type { SubscriptionSpace } from './subscription-space.js';

/** Writes about parked messages. */
export class Parking {
  readonly #space: SubscriptionSpace;
  readonly #writes: FencedWrites;
  readonly #queries: ParkedQueries;
  readonly #time: StoreTime;

  constructor(space: SubscriptionSpace, writes: FencedWrites, queries: ParkedQueries, time: StoreTime) {
    this.#space = space;
    this.#writes = writes;
    this.#queries = queries;
    this.#time = time;
  }

  /**
   * In batches, in the order given: what was parked when a later one fails stands in its place, with its gate, and is
   * left alone when the whole is repeated.
   */
  async park(ownership: Ownership, messages: readonly NewParkedMessage[]): Promise<FencedOr<'parked'>> {
    const now = await this.#time.exact(ownership.subscription);
    let answer: FencedOr<'parked'> = 'parked';
    for (const some of inBatches(messages)) {
      if (answer === 'fenced') break;
      answer = await this.#writes.write(ownership, (partition, session) =>
        this.#parkPlan(ownership, partition, session, some, now),
      );
    }
    return answer;
  }

  settle(ownership: Ownership, key: string, position: Position) {
    return this.#writes.write(ownership, (partition, session) =>
      this.#takeHeadPlan(ownership, partition, session, { key, position }),
    );
  }

  discard(ownership: Ownership, key: string, position: Position) {
    return this.#writes.write(ownership, async (found, session) => {
      const plan = await this.#takeHeadPlan(ownership, found, session, { key, position });
      const remember = discardOperation(ownership, key, position);
      return { partition: {}, ...plan, operations: [...(plan.operations ?? []), remember] };
    });
  }

  async fail(
    ownership: Ownership,
    key: string,
    position: Position,
    failure: ParkedFailure,
  ): Promise<FencedOr<'parked'>> {
    const { subscription, partition } = ownership;
    const id = parkedId(partition, key, position);
    const now = await this.#time.exact(subscription);
    return this.#writes.write<'parked'>(ownership, async () => {
      const { found } = await this.#space.fresh<ParkedItem>(subscription, id);
      if (found === undefined || !found.item.isHead) return { answer: 'parked' };
      const body = json(failedAgain(found.item, failure, now));
      // An operator may wish something at the same time.
      const operation: OperationInput = {
        operationType: 'Replace',
        id,
        ifMatch: found.etag,
        resourceBody: body,
      };
      return { answer: 'parked', partition: {}, operations: [operation] };
    });
  }

  /** The head alone can be wished for, and of two operators one is the first: the service says which. */
  async wish(at: ParkedAddress, wish: 'retry' | 'discard'): Promise<'requested' | 'not-parked'> {
    const { subscription } = at;
    const id = parkedId(at.partition, at.key, at.position);
    const wishId = randomUUID();
    for (const attempt of attempts(`The message that is parked as '${id}'`)) {
      const outcome = await this.#space.write(subscription, [wishOperation(id, wish, wishId)]);
      if (outcome.kind === 'written') return 'requested';
      if (outcome.kind === 'changed') break;
      attempt.failed(outcome.cause);
    }
    // Not a head, or another wish stands; or the answer to an earlier attempt got lost.
    const { found } = await this.#space.fresh<ParkedItem>(subscription, id);
    return found?.item.wishId === wishId ? 'requested' : 'not-parked';
  }

  async #parkPlan(
    { subscription }: Ownership,
    partition: PartitionItem,
    session: string | undefined,
    messages: readonly NewParkedMessage[],
    now: number,
  ): Promise<Plan<'parked'>> {
    const within = { subscription, partition: partition.partition, session };
    // Nearly always nothing is.
    const isAnyParked = partition.parkedKeys > 0;
    const parked = isAnyParked ? await this.#queries.alike(within, messages) : noneAlike;
    const [ids, keyIds] = [new Set(parked.ids), new Set(parked.keyIds)];
    const items: ParkedItem[] = [];
    for (const message of messages) {
      const keyId = keyIdOf(message.key);
      const at = { ...within, place: partition.nextPlace + items.length, isHead: !keyIds.has(keyId) };
      const item = parkedItem(message, at, now);
      if (ids.has(item.id)) continue;
      items.push(item);
      ids.add(item.id);
      keyIds.add(keyId);
    }
    if (items.length === 0) return { answer: 'parked' };
    return {
      answer: 'parked',
      partition: {
        nextPlace: partition.nextPlace + items.length,
        parkedKeys: partition.parkedKeys + items.filter(({ isHead }) => isHead).length,
      },
      operations: items.map((item) => ({ operationType: 'Create', resourceBody: json(item) })),
    };
  }

  /** Takes the head away, if it is still the one meant: the next of the queue becomes its head. */
  async #takeHeadPlan(
    { subscription }: Ownership,
    { partition, parkedKeys }: PartitionItem,
    session: string | undefined,
    { key, position }: Pick<NewParkedMessage, 'key' | 'position'>,
  ): Promise<Plan<'settled' | 'gate-lifted'>> {
    if (parkedKeys === 0) return { answer: 'gate-lifted' };
    const [head, next] = await this.#queries.firstTwo({ subscription, partition, session }, key);
    if (head === undefined) return { answer: 'gate-lifted' };
    if (head.position !== position) return { answer: 'settled' };
    const remove: OperationInput = { operationType: 'Delete', id: head.id };
    if (next === undefined)
      return { answer: 'gate-lifted', partition: { parkedKeys: parkedKeys - 1 }, operations: [remove] };
    return { answer: 'settled', partition: {}, operations: [remove, moveUpOperation(next.id)] };
  }
}

const noneAlike = { ids: [], keyIds: [] };

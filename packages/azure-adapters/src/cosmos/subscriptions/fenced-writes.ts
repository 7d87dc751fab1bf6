import { randomUUID } from 'node:crypto';
import type { OperationInput } from '@azure/cosmos';
import { type FencedOr, OutcomeUnknownError, type Ownership, stored } from '@diptych/core';
import { attempts } from './attempts.js';
import { json } from './json.js';
import type { KnownPartitions } from './known-partitions.js';
import { type PartitionItem, partitionId } from './subscription-items.js';
import type { Found, Fresh, SubscriptionSpace } from './subscription-space.js';

/** What a write makes of its partition, as it found that. */
export interface Plan<Answer> {
  readonly answer: Answer;
  /** What changes in the partition itself. Absent: there is nothing to write. */
  readonly partition?: Partial<PartitionItem>;
  /** What is written with it. */
  readonly operations?: readonly OperationInput[];
}

export type Planner<Answer> = (
  partition: PartitionItem,
  session: string | undefined,
) => Plan<Answer> | Promise<Plan<Answer>>;

/** An attempt that was not answered with success. */
interface Tried<Answer> {
  readonly answer: Answer;
  /** The write that it would have come after. */
  readonly over: string | null;
  /** Nobody knows whether it, or one before it, was done. */
  readonly isLost: boolean;
}

/**
 * Writes of a partition's owner: each is one batch that begins with the partition, on the condition that this is as it
 * was when it was seen to be the owner's. So whoever has lost it writes nothing, and two writes never mix.
 */
export class FencedWrites {
  readonly #space: SubscriptionSpace;
  readonly #known: KnownPartitions;

  constructor(space: SubscriptionSpace, known: KnownPartitions) {
    this.#space = space;
    this.#known = known;
  }

  /** The partition as it is now, if it is the owner's. */
  async own(ownership: Ownership): Promise<Fresh<PartitionItem>> {
    const fresh = await this.#look(ownership);
    if (fresh.found !== undefined && isOwn(fresh.found.item, ownership)) return fresh;
    this.#known.forget(ownership);
    return { ...fresh, found: undefined };
  }

  /**
   * `mayKnow`: for what depends on nothing but the partition itself. As long as nobody else writes it, it is known here,
   * and one round trip is enough.
   * @throws OutcomeUnknownError, when an answer got lost, and the partition has another owner since.
   */
  async write<Answer>(
    ownership: Ownership,
    planner: Planner<Answer>,
    { mayKnow = false } = {},
  ): Promise<FencedOr<Answer>> {
    const write = randomUUID();
    let known = mayKnow ? this.#known.of(ownership) : undefined;
    let tried: Tried<Answer> | undefined;
    for (const attempt of attempts(nameOf(ownership))) {
      const isKnown = known !== undefined;
      const { found, session } = known === undefined ? await this.#look(ownership) : { found: known };
      known = undefined;
      // It was done, and the answer got lost on its way.
      if (tried !== undefined && found?.item.lastWrite === write) return tried.answer;
      if (found === undefined || !isOwn(found.item, ownership)) {
        if (isKnown) continue;
        // As long as nobody has written over what this would have been written over, it was not.
        const isUnknown = tried?.isLost === true && found?.item.lastWrite !== tried.over;
        return this.#fenced(ownership, isUnknown);
      }
      const plan = await planner(found.item, session);
      if (plan.partition === undefined) {
        // That nothing is to be written must be seen in what is there now.
        if (isKnown) continue;
        return plan.answer;
      }
      const outcome = await this.#put(ownership, found, plan, write);
      if (outcome.kind === 'written') return plan.answer;
      const isLost = outcome.kind === 'unknown';
      tried = { answer: plan.answer, over: found.item.lastWrite, isLost: isLost || tried?.isLost === true };
      attempt.failed(isLost ? outcome.cause : undefined);
    }
    throw new Error('Not reached.');
  }

  #look({ subscription, partition }: Ownership): Promise<Fresh<PartitionItem>> {
    return this.#space.fresh<PartitionItem>(subscription, partitionId(partition));
  }

  #fenced(ownership: Ownership, isUnknown: boolean): 'fenced' {
    this.#known.forget(ownership);
    if (!isUnknown) return 'fenced';
    throw new OutcomeUnknownError(
      `${nameOf(ownership)} has another owner. Whether the last write of the old one came before that is not known.`,
    );
  }

  async #put<Answer>(
    ownership: Ownership,
    { item, etag }: Found<PartitionItem>,
    { partition, operations = [] }: Plan<Answer>,
    lastWrite: string,
  ) {
    const next: PartitionItem = { ...item, ...partition, lastWrite };
    const outcome = await this.#space.write(ownership.subscription, [
      { operationType: 'Replace', id: item.id, ifMatch: etag, resourceBody: json(next) },
      ...operations,
    ]);
    if (outcome.kind === 'written') this.#known.remember(ownership, outcome.found[0] as Found<PartitionItem>);
    return outcome;
  }
}

function isOwn({ owner, epoch }: PartitionItem, ownership: Ownership): boolean {
  return owner === stored(ownership.owner) && epoch === ownership.epoch;
}

function nameOf({ subscription, partition }: Ownership): string {
  return `Partition ${partition} of subscription '${subscription}'`;
}

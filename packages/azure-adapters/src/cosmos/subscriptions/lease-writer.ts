import { randomUUID } from 'node:crypto';
import { attempts } from './attempts.js';
import { leasesOperation, partitionOperation } from './lease-operations.js';
import { LeaseTable } from './lease-table.js';
import { type StoreTime, storeTime } from './store-time.js';
import {
  type LeasesItem,
  leasesId,
  type PartitionItem,
  type SubscriptionItem,
} from './subscription-items.js';
import {
  type Found,
  operationsInBatch,
  type SubscriptionSpace,
  type WriteOutcome,
} from './subscription-space.js';

export type Partitions = ReadonlyMap<number, Found<PartitionItem>>;

/** Something to do with the leases of a subscription. It may be done several times, each time to leases as they are then. */
export interface LeaseChange {
  /** False when not all of it had room in this write: it is called again for what is left. */
  apply(table: LeaseTable): boolean;
  /** It was written: how many owners count, and the partitions as they are now. */
  done(owners: number, partitions: Partitions): void;
}

interface Waiting {
  readonly change: LeaseChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Look {
  readonly leases: Found<LeasesItem> | undefined;
  readonly partitions: Map<number, Found<PartitionItem>>;
  readonly now: number;
  /** No older than what the write quorum had when it was asked for. */
  readonly isFresh: boolean;
}

interface Tried {
  readonly table: LeaseTable;
  /** Of each change: whether nothing of it is left to do. */
  readonly isDone: readonly boolean[];
}

/** Of one write: more of them wait for the next. */
const changesInWrite = 50;
/** One operation of the batch is for the leases, each other one for a partition whose owner changes. */
const partitionsInWrite = operationsInBatch - 1;

/**
 * Changes the leases of subscriptions, and the epochs in their partitions with them, in one batch each time. What is
 * asked for while one is under way is written together by the next, so that a process never races itself.
 */
export class LeaseWriter {
  readonly #space: SubscriptionSpace;
  readonly #time: StoreTime;
  readonly #finishForgetting: (subscription: string) => Promise<void>;
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(
    space: SubscriptionSpace,
    time: StoreTime,
    finishForgetting: (subscription: string) => Promise<void>,
  ) {
    this.#space = space;
    this.#time = time;
    this.#finishForgetting = finishForgetting;
  }

  change(subscription: string, change: LeaseChange): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(subscription);
      const one = { change, resolve, reject };
      if (waiting !== undefined) return void waiting.push(one);
      this.#waiting.set(subscription, [one]);
      void this.#run(subscription);
    });
  }

  async #run(subscription: string): Promise<void> {
    const waiting = this.#waiting.get(subscription) ?? [];
    while (waiting.length > 0) {
      const group = waiting.splice(0, changesInWrite);
      try {
        const left = await this.#write(subscription, group);
        waiting.unshift(...left);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#waiting.delete(subscription);
  }

  /** Answers those of which something is left to do. */
  async #write(subscription: string, group: readonly Waiting[]): Promise<readonly Waiting[]> {
    const write = randomUUID();
    let look = await this.#look(subscription);
    let tried: Tried | undefined;
    for (const attempt of attempts(`The leases of subscription '${subscription}'`)) {
      // It was done, and the answer got lost on its way.
      if (tried !== undefined && look.leases?.item.lastWrite === write && isWhole(look))
        return answer(group, tried, look);
      if (look.leases?.item.isForgotten) await this.#finishForgetting(subscription);
      else if (isWhole(look)) {
        const table = new LeaseTable(look.leases?.item, look.now, partitionsInWrite);
        tried = { table, isDone: group.map(({ change }) => change.apply(table)) };
        const outcome = await this.#keep(subscription, look, table, write);
        if (outcome.kind === 'written') return answer(group, tried, look);
        attempt.failed(outcome.kind === 'unknown' ? outcome.cause : undefined);
      }
      look = await this.#lookAgain(subscription);
    }
    throw new Error('Not reached.');
  }

  /** From any replica: whether it lags shows when the leases are written. */
  async #look(subscription: string, fresh?: { readonly session: string | undefined }): Promise<Look> {
    const rows = await this.#space.rows<{ item: SubscriptionItem & { _etag: string }; now: number }>(
      subscription,
      { query: `SELECT c AS item, ${storeTime} AS now FROM c WHERE c.kind IN ('leases', 'partition')` },
      fresh,
    );
    const now = rows[0] === undefined ? await this.#time.exact(subscription) : this.#time.seen(rows[0].now);
    const partitions = new Map<number, Found<PartitionItem>>();
    let leases: Found<LeasesItem> | undefined;
    for (const { item } of rows) {
      if (item.kind === 'partition') partitions.set(item.partition, { item, etag: item._etag });
      if (item.kind === 'leases') leases = { item, etag: item._etag };
    }
    return { leases, partitions, now, isFresh: fresh !== undefined };
  }

  /** No older than what the write quorum has. */
  async #lookAgain(subscription: string): Promise<Look> {
    return this.#look(subscription, await this.#space.fresh(subscription, leasesId));
  }

  /** Writes the table, on the condition that the leases are as they were. */
  async #keep(
    subscription: string,
    { leases, partitions, isFresh }: Look,
    table: LeaseTable,
    write: string,
  ): Promise<WriteOutcome> {
    // That there is nothing to write must be seen in what is there now.
    if (!table.isChanged) return isFresh ? { kind: 'written', found: [] } : { kind: 'changed' };
    const outcome = await this.#space.write(subscription, [
      leasesOperation(subscription, leases, table, write),
      ...table.changed.map((lease) =>
        partitionOperation(subscription, lease, partitions.has(lease.partition)),
      ),
    ]);
    if (outcome.kind === 'written')
      table.changed.forEach(({ partition }, at) => {
        partitions.set(partition, outcome.found[at + 1] as Found<PartitionItem>);
      });
    return outcome;
  }
}

function answer(group: readonly Waiting[], { table, isDone }: Tried, look: Look): readonly Waiting[] {
  for (const { change } of group) change.done(table.owners, look.partitions);
  group.forEach(({ resolve }, at) => void (isDone[at] && resolve()));
  return group.filter((_, at) => !isDone[at]);
}

/** Each lease was written together with its partition: where the epochs differ, the look saw a part of that only. */
function isWhole({ leases, partitions }: Look): boolean {
  const all = leases?.item.leases ?? [];
  return (
    all.every(({ partition, epoch }) => partitions.get(partition)?.item.epoch === epoch) &&
    partitions.size === all.length
  );
}

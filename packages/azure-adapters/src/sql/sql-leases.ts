import {
  type Acquired,
  type AcquireRequest,
  type Checkpoint,
  isDiptychError,
  type OwnedPartition,
  type Ownership,
  type Position,
  restored,
  type SeizeRequest,
} from '@diptych/core';
import type { SqlClient } from './sql-client.js';
import { big, indexedName, int, type SqlParameters, text } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

export type PartitionColumns = readonly [
  partition: number,
  owner: string | null,
  epoch: number,
  leaseUntil: string,
  position: string | null,
  entryId: string | null,
  movedAt: string | null,
  evidence: string | null,
];

export const partitionColumns =
  'partition, owner, epoch, lease_until, position, entry_id, moved_at, evidence';

/** Whose partition it is: what every write compares. */
export const ofOwner =
  'subscription = @subscription AND partition = @partition AND owner = @owner AND epoch = @epoch';

export function ownership({ subscription, partition, owner, epoch }: Ownership): SqlParameters {
  return {
    subscription: indexedName(subscription),
    partition: int(partition),
    owner: indexedName(owner),
    epoch: int(epoch),
  };
}

/**
 * Who owns which partition. Each statement repeats its whole condition where it writes, so that what another one did
 * since it looked is seen: nothing here rests on a lock.
 */
export class SqlLeases {
  readonly #client: SqlClient;
  readonly #tables: SqlTables;

  constructor(client: SqlClient, tables: SqlTables) {
    this.#client = client;
    this.#tables = tables;
  }

  /** Renews what the owner holds of the partitions wanted, and takes those that are free. */
  async acquire(request: AcquireRequest): Promise<Acquired> {
    const { subscription, owner, partitions, leaseInMs, most = partitions.length } = request;
    const { subscriptions, owners } = this.#tables;
    const wanted = 'SELECT CAST(value AS int) FROM OPENJSON(@partitions)';
    const isFree = '(owner IS NULL OR (owner <> @owner AND lease_until <= @now))';
    const mine = `subscription = @subscription AND owner = @owner AND partition IN (${wanted})`;
    const free = `subscription = @subscription AND partition IN (${wanted}) AND ${isFree}`;
    const sets = await this.#again(() =>
      this.#client.run(
        `${this.#signOfLife}
         INSERT INTO ${subscriptions} (subscription, partition, epoch, lease_until)
         SELECT @subscription, CAST(w.value AS int), 0, 0 FROM OPENJSON(@partitions) AS w
         WHERE NOT EXISTS (SELECT 1 FROM ${subscriptions}
           WHERE subscription = @subscription AND partition = CAST(w.value AS int));
         UPDATE ${subscriptions} SET lease_until = @until WHERE ${mine};
         DECLARE @left int = @most - @@ROWCOUNT;
         IF @left > 0
           UPDATE ${subscriptions} SET owner = @owner, epoch = epoch + 1, lease_until = @until
           WHERE ${free} AND partition IN (
             SELECT TOP (@left) partition FROM ${subscriptions} WHERE ${free} ORDER BY partition);
         SELECT ${partitionColumns} FROM ${subscriptions} WHERE ${mine} ORDER BY partition;
         SELECT COUNT(*) FROM ${owners} WHERE subscription = @subscription;`,
        {
          ...this.#caller(subscription, owner, leaseInMs),
          partitions: text(JSON.stringify(partitions)),
          most: int(Math.min(most, partitions.length)),
        },
      ),
    );
    const rows = (sets.at(-2) ?? []) as unknown as readonly PartitionColumns[];
    const [count] = sets.at(-1)![0] as [number];
    return { owned: rows.map((row) => ownedBy(subscription, owner, row)), owners: count };
  }

  /** Takes a partition whoever holds it. */
  async seize({ subscription, partition, owner, leaseInMs }: SeizeRequest): Promise<OwnedPartition> {
    const { subscriptions } = this.#tables;
    const sets = await this.#again(() =>
      this.#client.run(
        `${this.#signOfLife}
         DECLARE @epoch int;
         BEGIN TRANSACTION;
         UPDATE ${subscriptions} SET owner = @owner, epoch = epoch + 1, lease_until = @until
         WHERE subscription = @subscription AND partition = @partition;
         IF @@ROWCOUNT = 0
           INSERT INTO ${subscriptions} (subscription, partition, owner, epoch, lease_until)
           VALUES (@subscription, @partition, @owner, 1, @until);
         SELECT ${partitionColumns} FROM ${subscriptions} WHERE subscription = @subscription AND partition = @partition;
         COMMIT;`,
        { ...this.#caller(subscription, owner, leaseInMs), partition: int(partition) },
      ),
    );
    return ownedBy(subscription, owner, sets.at(-1)![0] as unknown as PartitionColumns);
  }

  /** Gives a partition back. False when it is another's by now. */
  async release(owned: Ownership): Promise<boolean> {
    const { subscriptions, owners } = this.#tables;
    const rows = await this.#client.rows<[number]>(
      `UPDATE ${subscriptions} SET owner = NULL WHERE ${ofOwner};
       DECLARE @released int = @@ROWCOUNT;
       -- An owner that holds nothing more does not count until it asks again.
       IF @released > 0
         DELETE FROM ${owners} WHERE subscription = @subscription AND owner = @owner AND NOT EXISTS (
           SELECT 1 FROM ${subscriptions} WHERE subscription = @subscription AND owner = @owner);
       SELECT @released;`,
      ownership(owned),
    );
    return rows[0]![0] > 0;
  }

  async partitions(subscription: string): Promise<readonly PartitionColumns[]> {
    return this.#client.rows<PartitionColumns>(
      `SELECT ${partitionColumns} FROM ${this.#tables.subscriptions} WHERE subscription = @subscription ORDER BY partition`,
      { subscription: indexedName(subscription) },
    );
  }

  #caller(subscription: string, owner: string, leaseInMs: number): SqlParameters {
    return {
      subscription: indexedName(subscription, 225),
      owner: indexedName(owner, 200),
      lease: big(leaseInMs),
    };
  }

  get #signOfLife(): string {
    const { owners } = this.#tables;
    return `DECLARE @now bigint = ${this.#client.now};
      DECLARE @until bigint = @now + @lease;
      DELETE FROM ${owners} WHERE subscription = @subscription AND until <= @now;
      UPDATE ${owners} SET until = @until WHERE subscription = @subscription AND owner = @owner;
      IF @@ROWCOUNT = 0
        INSERT INTO ${owners} (subscription, owner, until) VALUES (@subscription, @owner, @until);`;
  }

  // Rows that two make at the same time: the second finds those of the first. The same for two that come into each
  // other's way.
  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const isRace =
          isDiptychError(error, 'duplicate-key') || isDiptychError(error, 'concurrency-conflict');
        if (!isRace || attempt === 5) throw error;
      }
    }
  }
}

export function checkpointOf(row: PartitionColumns): Checkpoint | undefined {
  const [, , , , position, entryId, , evidence] = row;
  if (position === null || entryId === null) return undefined;
  const checkpoint = { position: position as Position, entryId: restored(entryId) };
  return evidence === null ? checkpoint : { ...checkpoint, evidence };
}

function ownedBy(subscription: string, owner: string, row: PartitionColumns): OwnedPartition {
  const [partition, , epoch] = row;
  return { subscription, partition, owner, epoch, checkpoint: checkpointOf(row) };
}

import {
  type Acquired,
  type AcquireRequest,
  type Checkpoint,
  type OwnedPartition,
  type Ownership,
  type Position,
  restored,
  stored,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';

export interface PartitionRow {
  readonly partition: number;
  readonly owner: string | null;
  readonly epoch: number;
  readonly lease_until: number;
  readonly position: string | null;
  readonly entry_id: string | null;
  readonly evidence: string | null;
  readonly moved_at: number | null;
}

/** Whose partition it is: what every write compares. */
export const ofOwner = 'subscription = ? AND partition = ? AND owner = ? AND epoch = ?';

const signOfLife = 'INSERT OR REPLACE INTO diptych_owners (subscription, owner, until) VALUES (?, ?, ?)';

const selectPartitions = 'SELECT * FROM diptych_subscriptions WHERE subscription = ? ORDER BY partition';

const selectSome = `
  SELECT * FROM diptych_subscriptions
  WHERE subscription = ? AND partition IN (SELECT value FROM json_each(?)) ORDER BY partition`;

const renew = `
  UPDATE diptych_subscriptions SET lease_until = ?
  WHERE subscription = ? AND owner = ? AND partition IN (SELECT value FROM json_each(?))`;

const takePartition = `
  INSERT INTO diptych_subscriptions (subscription, partition, owner, epoch, lease_until) VALUES (?1, ?2, ?3, 1, ?4)
  ON CONFLICT DO UPDATE SET owner = ?3, epoch = epoch + 1, lease_until = ?4
  RETURNING *`;

export function ownerColumns({ subscription, partition, owner, epoch }: Ownership) {
  return [stored(subscription), partition, stored(owner), epoch] as const;
}

export function owns(connection: SqliteConnection, ownership: Ownership): boolean {
  const sql = `SELECT 1 FROM diptych_subscriptions WHERE ${ofOwner}`;
  return connection.get(sql, ...ownerColumns(ownership)) !== undefined;
}

export function partitionRows(
  connection: SqliteConnection,
  subscription: string,
  asked?: readonly number[],
): readonly PartitionRow[] {
  if (asked === undefined) return connection.all<PartitionRow>(selectPartitions, stored(subscription));
  return connection.all<PartitionRow>(selectSome, stored(subscription), JSON.stringify(asked));
}

/** Renews what the owner holds of the partitions wanted, and takes those that are free. */
export function acquire(connection: SqliteConnection, request: AcquireRequest, now: number): Acquired {
  const { subscription, owner, leaseInMs, most = Number.POSITIVE_INFINITY } = request;
  const [name, until] = [stored(subscription), now + leaseInMs];
  connection.run(signOfLife, name, stored(owner), until);
  const rows = new Map(partitionRows(connection, subscription).map((row) => [row.partition, row]));
  const isHeld = (partition: number) => rows.get(partition)?.owner === stored(owner);
  const held = request.partitions.filter(isHeld);
  const free = request.partitions.filter(
    (partition) => !isHeld(partition) && isFree(rows.get(partition), now),
  );
  if (held.length > 0) connection.run(renew, until, name, stored(owner), JSON.stringify(held));
  const taken = free
    .slice(0, Math.max(0, most - held.length))
    .map((partition) => take(connection, { subscription, partition, owner, until }));
  const kept = held.map((partition) => ownedBy(subscription, owner, rows.get(partition)!));
  return { owned: [...kept, ...taken], owners: countOwners(connection, name, now) };
}

/** Takes a partition whoever holds it. */
export function seize(
  connection: SqliteConnection,
  { subscription, partition, owner, until }: TakeRequest,
): OwnedPartition {
  connection.run(signOfLife, stored(subscription), stored(owner), until);
  return take(connection, { subscription, partition, owner, until });
}

/** Gives a partition back. False when it is another's by now. */
export function release(connection: SqliteConnection, ownership: Ownership): boolean {
  const sql = `UPDATE diptych_subscriptions SET owner = NULL WHERE ${ofOwner}`;
  if (connection.run(sql, ...ownerColumns(ownership)).changes === 0) return false;
  const [subscription, , owner] = ownerColumns(ownership);
  // An owner that holds nothing more does not count until it asks again.
  connection.run(
    `DELETE FROM diptych_owners WHERE subscription = ?1 AND owner = ?2
       AND NOT EXISTS (SELECT 1 FROM diptych_subscriptions WHERE subscription = ?1 AND owner = ?2)`,
    subscription,
    owner,
  );
  return true;
}

export function isFree(row: PartitionRow | undefined, now: number): boolean {
  return row === undefined || row.owner === null || row.lease_until <= now;
}

export function checkpointOf({ position, entry_id, evidence }: PartitionRow): Checkpoint | undefined {
  if (position === null || entry_id === null) return undefined;
  const checkpoint = { position: position as Position, entryId: restored(entry_id) };
  return evidence === null ? checkpoint : { ...checkpoint, evidence: restored(evidence) };
}

interface TakeRequest {
  readonly subscription: string;
  readonly partition: number;
  readonly owner: string;
  readonly until: number;
}

function take(connection: SqliteConnection, { subscription, partition, owner, until }: TakeRequest) {
  const row = connection.get<PartitionRow>(
    takePartition,
    stored(subscription),
    partition,
    stored(owner),
    until,
  )!;
  return ownedBy(subscription, owner, row);
}

function ownedBy(subscription: string, owner: string, row: PartitionRow): OwnedPartition {
  const { partition, epoch } = row;
  return { subscription, partition, owner, epoch, checkpoint: checkpointOf(row) };
}

function countOwners(connection: SqliteConnection, subscription: string, now: number): number {
  connection.run('DELETE FROM diptych_owners WHERE subscription = ? AND until <= ?', subscription, now);
  const sql = 'SELECT count(*) AS owners FROM diptych_owners WHERE subscription = ?';
  return connection.get<{ owners: number }>(sql, subscription)!.owners;
}

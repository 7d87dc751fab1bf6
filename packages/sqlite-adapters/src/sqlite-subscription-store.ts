import {
  type Acquired,
  type AcquireRequest,
  type Checkpoint,
  type Clock,
  type Discarded,
  type FencedOr,
  type NewParkedMessage,
  type OwnedPartition,
  type Ownership,
  type ParkedAddress,
  type ParkedFailure,
  type ParkedMessage,
  type ParkedQuery,
  type PartitionState,
  type Position,
  restored,
  type SeizeRequest,
  type SubscriptionStore,
  stored,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import {
  acquire,
  checkpointOf,
  isFree,
  ofOwner,
  ownerColumns,
  owns,
  partitionRows,
  release,
  seize,
} from './sqlite-leases.js';
import {
  failHead,
  listParked,
  type ParkedRow,
  park,
  parkedMessage,
  takeHead,
  wishForHead,
} from './sqlite-parking.js';
import type { SqliteReading } from './sqlite-reading.js';
import type { Lasting, SqliteWriter } from './sqlite-writer.js';

export interface SqliteSubscriptionStoreOptions {
  readonly writer: SqliteWriter;
  readonly reading: SqliteReading;
  readonly clock: Clock;
}

const moveForward = `
  UPDATE diptych_subscriptions SET moved_at = iif(position IS ?1, moved_at, ?4), position = ?1, entry_id = ?2, evidence = ?3
  WHERE ${ofOwner} AND (position IS NULL OR position <= ?1)`;

const moveBack = `
  UPDATE diptych_subscriptions SET position = ?, entry_id = ?, evidence = ?, moved_at = ? WHERE ${ofOwner}`;

// Heads of a partition, while the ownership is the present one.
const ownHeads = `
  FROM diptych_parked AS p JOIN diptych_subscriptions AS s USING (subscription, partition)
  WHERE s.subscription = ? AND s.partition = ? AND s.owner = ? AND s.epoch = ? AND p.is_head = 1`;

const selectReady = `
  SELECT p.* ${ownHeads} AND (p.wish IS NOT NULL OR p.is_free = 1 OR p.due_at <= ?)
  ORDER BY p.position LIMIT ?`;

const selectNextDue = `SELECT min(p.due_at) AS due_at ${ownHeads} AND p.wish IS NULL AND p.is_free = 0`;

const insertDiscarded = `
  INSERT INTO diptych_discarded (subscription, partition, key, position) VALUES (?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Checkpoints, leases, epochs and parked messages in a SQLite file. */
export class SqliteSubscriptionStore implements SubscriptionStore {
  readonly #writer: SqliteWriter;
  readonly #reading: SqliteReading;
  readonly #clock: Clock;
  readonly #listeners = new Set<(subscription: string) => void>();

  constructor({ writer, reading, clock }: SqliteSubscriptionStoreOptions) {
    this.#writer = writer;
    this.#reading = reading;
    this.#clock = clock;
  }

  acquire(request: AcquireRequest): Promise<Acquired> {
    return this.#writer.run((connection) => acquire(connection, request, this.#clock.now()), 'remade');
  }

  seize({ leaseInMs, ...request }: SeizeRequest): Promise<OwnedPartition> {
    return this.#writer.run(
      (connection) => seize(connection, { ...request, until: this.#clock.now() + leaseInMs }),
      'remade',
    );
  }

  async release(owned: readonly Ownership[]): Promise<void> {
    const released = await this.#writer.run(
      (connection) => owned.filter((ownership) => release(connection, ownership)),
      'remade',
    );
    for (const { subscription } of released) this.#changed(subscription);
  }

  async advance(
    moves: readonly { readonly ownership: Ownership; readonly checkpoint: Checkpoint }[],
  ): Promise<readonly FencedOr<'advanced'>[]> {
    const answers = await this.#writer.run(
      (connection) =>
        moves.map(({ ownership, checkpoint }) => this.#advance(connection, ownership, checkpoint)),
      'remade',
    );
    const moved = moves.filter((_, index) => answers[index] === 'advanced');
    for (const subscription of new Set(moved.map(({ ownership }) => ownership.subscription)))
      this.#changed(subscription);
    return answers;
  }

  rewind(ownership: Ownership, checkpoint: Checkpoint | undefined): Promise<FencedOr<'rewound'>> {
    return this.#write(ownership, (connection) => {
      const columns =
        checkpoint === undefined
          ? [null, null, null, null]
          : [...checkpointColumns(checkpoint), this.#clock.now()];
      connection.run(moveBack, ...columns, ...ownerColumns(ownership));
      return 'rewound';
    });
  }

  park(ownership: Ownership, messages: readonly NewParkedMessage[]): Promise<FencedOr<'parked'>> {
    return this.#write(ownership, (connection) => {
      for (const message of messages) park(connection, ownership, message, this.#clock.now());
      return 'parked';
    });
  }

  gatedKeys(ownership: Ownership): Promise<FencedOr<ReadonlySet<string>>> {
    return this.#reading.readTogether((connection) => {
      if (!owns(connection, ownership)) return 'fenced';
      const rows = connection.all<{ key: string }>(`SELECT p.key ${ownHeads}`, ...ownerColumns(ownership));
      return new Set(rows.map(({ key }) => restored(key)));
    });
  }

  ready(ownership: Ownership, limit: number): Promise<readonly ParkedMessage[]> {
    return this.#reading.read((connection) => {
      const now = this.#clock.now();
      const rows = connection.all<ParkedRow>(selectReady, ...ownerColumns(ownership), now, limit);
      return rows.map((row) => parkedMessage(row, now));
    });
  }

  nextDueInMs(ownership: Ownership): Promise<number | undefined> {
    return this.#reading.read((connection) => {
      const row = connection.get<{ due_at: number | null }>(selectNextDue, ...ownerColumns(ownership));
      const dueAt = row?.due_at ?? undefined;
      return dueAt === undefined ? undefined : Math.max(0, dueAt - this.#clock.now());
    });
  }

  settleParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#write(ownership, (connection) => takeHead(connection, ownership, key, position));
  }

  discardParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    const discard = (connection: SqliteConnection) => {
      const { subscription, partition } = ownership;
      connection.run(insertDiscarded, stored(subscription), partition, stored(key), position);
      return takeHead(connection, ownership, key, position);
    };
    return this.#write(ownership, discard, 'lasting');
  }

  failParked(
    ownership: Ownership,
    key: string,
    position: Position,
    failure: ParkedFailure,
  ): Promise<FencedOr<'parked'>> {
    return this.#write(ownership, (connection) => {
      failHead(connection, ownership, { key, position }, failure, this.#clock.now());
      return 'parked';
    });
  }

  discarded(subscription: string): Promise<readonly Discarded[]> {
    return this.#reading.read((connection) =>
      connection
        .all<Discarded>(
          'SELECT partition, key, position FROM diptych_discarded WHERE subscription = ? ORDER BY place',
          stored(subscription),
        )
        .map(({ partition, key, position }) => ({ partition, key: restored(key), position })),
    );
  }

  state(subscription: string, partitions?: readonly number[]): Promise<readonly PartitionState[]> {
    return this.#reading.readTogether((connection) => {
      const now = this.#clock.now();
      const gates = gatesByPartition(connection, subscription);
      return partitionRows(connection, subscription, partitions).map((row) => ({
        partition: row.partition,
        owner: row.owner === null || isFree(row, now) ? undefined : restored(row.owner),
        epoch: row.epoch,
        checkpoint: checkpointOf(row),
        checkpointAgeInMs: row.moved_at === null ? undefined : now - row.moved_at,
        parkedKeys: gates.get(row.partition) ?? 0,
      }));
    });
  }

  listParked(query: ParkedQuery): Promise<readonly ParkedMessage[]> {
    return this.#reading.read((connection) => listParked(connection, query, this.#clock.now()));
  }

  requestRetry(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'retry');
  }

  requestDiscard(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'discard');
  }

  async forget(subscription: string, { discardsToo = false } = {}): Promise<void> {
    const tables = ['subscriptions', 'owners', 'parked', ...(discardsToo ? ['discarded'] : [])];
    await this.#writer.run((connection) => {
      for (const table of tables)
        connection.run(`DELETE FROM diptych_${table} WHERE subscription = ?`, stored(subscription));
    });
    this.#changed(subscription);
  }

  onChange(listener: (subscription: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #advance(connection: SqliteConnection, ownership: Ownership, checkpoint: Checkpoint): FencedOr<'advanced'> {
    const values = [...checkpointColumns(checkpoint), this.#clock.now(), ...ownerColumns(ownership)] as const;
    if (connection.run(moveForward, ...values).changes > 0) return 'advanced';
    // Not moved: it is as far already, or another's.
    return owns(connection, ownership) ? 'advanced' : 'fenced';
  }

  async #wish(at: ParkedAddress, wish: 'retry' | 'discard'): Promise<'requested' | 'not-parked'> {
    const isNoted = await this.#writer.run((connection) => wishForHead(connection, at, at.position, wish));
    if (!isNoted) return 'not-parked';
    this.#changed(at.subscription);
    return 'requested';
  }

  /** In one transaction: is it still the owner's, and then the write. */
  async #write<T>(
    ownership: Ownership,
    write: (connection: SqliteConnection) => T,
    lasting: Lasting = 'remade',
  ): Promise<FencedOr<T>> {
    const answer = await this.#writer.run(
      (connection) => (owns(connection, ownership) ? { value: write(connection) } : undefined),
      lasting,
    );
    if (answer === undefined) return 'fenced';
    this.#changed(ownership.subscription);
    return answer.value;
  }

  #changed(subscription: string): void {
    for (const listener of this.#listeners) listener(subscription);
  }
}

function checkpointColumns({ position, entryId, evidence }: Checkpoint) {
  return [position, stored(entryId), evidence === undefined ? null : stored(evidence)] as const;
}

function gatesByPartition(connection: SqliteConnection, subscription: string): ReadonlyMap<number, number> {
  const rows = connection.all<{ partition: number; gates: number }>(
    `SELECT partition, count(*) AS gates FROM diptych_parked
     WHERE subscription = ? AND is_head = 1 GROUP BY partition`,
    stored(subscription),
  );
  return new Map(rows.map(({ partition, gates }) => [partition, gates]));
}

import {
  type AppendToStream,
  assertExpectedVersion,
  DiptychError,
  type Envelope,
  maxEventsPerUnit,
  type Position,
  partitionOf,
  positionAt,
  type SendCommand,
  type WrittenRange,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import { factsOf } from './sqlite-codec.js';
import { restored, stored } from './stored-text.js';

interface StreamRow {
  readonly stream: number;
  readonly partition_key: string;
  /** After what is appended now. */
  readonly version: number;
}

/** Where an entry goes. */
interface Place {
  readonly partition: number;
  readonly stream: number | null;
  readonly version: number | null;
  readonly key: string;
}

type Ranges = Map<number, { partition: number; first: Position; last: Position }>;

const touchStream = `
  INSERT INTO diptych_streams (tenant, name, partition_key, version) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (tenant, name) DO UPDATE SET version = version + ?4
  RETURNING stream, partition_key, version`;

const insertEntry = `
  INSERT INTO diptych_journal
    (partition, stream, version, key, tenant, id, name, schema_version, time, facts, data)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Adds rows to the journal, inside a transaction that its caller ends: in `COMMIT`, or, when this throws, not. */
export class SqliteJournal {
  readonly #partitions: number;
  readonly #listeners = new Set<(partitions: readonly number[]) => void>();

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.#partitions);
  }

  write(
    connection: SqliteConnection,
    entries: readonly (AppendToStream | SendCommand)[],
  ): readonly WrittenRange[] {
    const ranges: Ranges = new Map();
    for (const entry of entries) {
      if (entry.kind === 'send') this.#send(connection, entry, ranges);
      else if (entry.events.length === 0) this.#assertEmptyAppend(connection, entry);
      else this.#append(connection, entry, ranges);
    }
    return [...ranges.values()];
  }

  onCommit(listener: (partitions: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be called after the commit. */
  announce(partitions: readonly number[]): void {
    for (const listener of this.#listeners) listener(partitions);
  }

  #append(connection: SqliteConnection, append: AppendToStream, ranges: Ranges): void {
    const { stream, expectedVersion, partitionKey = stream.name, events } = append;
    const row = connection.get<StreamRow>(
      touchStream,
      stored(stream.tenant),
      stored(stream.name),
      stored(partitionKey),
      events.length,
    )!;
    const before = row.version - events.length;
    assertExpectedVersion(stream, expectedVersion, before);
    const established = restored(row.partition_key);
    assertSameKey(append, established);
    const partition = this.partitionOf(established);
    const key = stored(stream.name);
    events.forEach((event, index) => {
      const place = { partition, stream: row.stream, version: before + index + 1, key };
      insert(connection, event, place, ranges);
    });
  }

  #send(connection: SqliteConnection, { key, command }: SendCommand, ranges: Ranges): void {
    const place = { partition: this.partitionOf(key), stream: null, version: null, key: stored(key) };
    insert(connection, command, place, ranges);
  }

  // Looks as an append would, and writes nothing: a stream begins with its first event.
  #assertEmptyAppend(connection: SqliteConnection, append: AppendToStream): void {
    const { tenant, name } = append.stream;
    const row = connection.get<StreamRow>(
      'SELECT stream, partition_key, version FROM diptych_streams WHERE tenant = ? AND name = ?',
      stored(tenant),
      stored(name),
    );
    assertExpectedVersion(append.stream, append.expectedVersion, row?.version ?? 0);
    if (row !== undefined) assertSameKey(append, restored(row.partition_key));
  }
}

/** @throws DiptychError `unit-too-large`. */
export function assertUnitFits(entries: readonly (AppendToStream | SendCommand)[]): void {
  const count = entries.reduce((sum, entry) => sum + (entry.kind === 'append' ? entry.events.length : 1), 0);
  if (count <= maxEventsPerUnit) return;
  throw new DiptychError({
    code: 'unit-too-large',
    message: `One unit of work writes ${count} events and commands; ${maxEventsPerUnit} is the most.`,
    origin: 'programming',
    details: { count, max: maxEventsPerUnit },
  });
}

function insert(connection: SqliteConnection, envelope: Envelope, place: Place, ranges: Ranges): void {
  const { partition, stream, version, key } = place;
  const { lastInsertRowid } = connection.run(
    insertEntry,
    partition,
    stream,
    version,
    key,
    stored(envelope.tenant),
    stored(envelope.id),
    stored(envelope.name),
    envelope.schemaVersion,
    stored(envelope.time),
    factsOf(envelope),
    envelope.data,
  );
  const position = positionAt(lastInsertRowid, 0);
  const range = ranges.get(partition);
  if (range === undefined) ranges.set(partition, { partition, first: position, last: position });
  else range.last = position;
}

function assertSameKey({ stream, partitionKey }: AppendToStream, established: string): void {
  if (partitionKey === undefined || partitionKey === established) return;
  throw new DiptychError({
    code: 'partition-key-changed',
    message: `Stream '${stream.name}' has the partition key '${established}' since its first event; '${partitionKey}' came later.`,
    origin: 'programming',
    details: { ...stream, partitionKey, established },
  });
}

import {
  type AppendToStream,
  assertExpectedVersion,
  DiptychError,
  type Envelope,
  maxEventsPerUnit,
  murmur3,
  type Position,
  partitionOf,
  positionAt,
  restored,
  type SendCommand,
  type StreamId,
  stored,
  type WrittenRange,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import { factsOf } from './sqlite-codec.js';

/** The last row of a stream. */
interface StreamHead {
  readonly partition: number;
  readonly version: number;
  readonly partition_key: string | null;
}

/** Where an entry goes. */
interface Place {
  readonly tenant: string;
  readonly partition: number;
  readonly stream: number | null;
  readonly version: number | null;
  /** As it is stored. */
  readonly key: string;
  /** As it is stored; `null` where it is the key. */
  readonly partitionKey: string | null;
}

type Ranges = Map<number, { partition: number; first: Position; last: Position }>;

const selectHead = `
  SELECT partition, version, partition_key FROM diptych_journal
  WHERE stream = ? AND key = ? AND tenant = ? ORDER BY version DESC LIMIT 1`;

const insertEntry = `
  INSERT INTO diptych_journal
    (partition, stream, version, key, tenant, partition_key, id, name, schema_version, time, facts, data)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

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
    const [key, tenant] = [stored(stream.name), stored(stream.tenant)];
    const hash = streamHash(stream);
    const head = connection.get<StreamHead>(selectHead, hash, key, tenant);
    const version = head?.version ?? 0;
    assertExpectedVersion(stream, expectedVersion, version);
    if (head !== undefined) assertSameKey(append, head);
    const isNamed = partitionKey === stream.name;
    const ofStream = head ?? {
      partition: this.partitionOf(partitionKey),
      partition_key: isNamed ? null : stored(partitionKey),
    };
    events.forEach((event, index) => {
      const place = {
        tenant: stream.tenant,
        partition: ofStream.partition,
        stream: hash,
        version: version + index + 1,
        key,
        partitionKey: ofStream.partition_key,
      };
      insert(connection, event, place, ranges);
    });
  }

  #send(connection: SqliteConnection, { key, command }: SendCommand, ranges: Ranges): void {
    const place = {
      tenant: command.tenant,
      partition: this.partitionOf(key),
      stream: null,
      version: null,
      key: stored(key),
      partitionKey: null,
    };
    insert(connection, command, place, ranges);
  }
}

/** What rows of a stream are found by, together with its tenant and name. */
export function streamHash({ tenant, name }: StreamId): number {
  return murmur3(`${tenant}\n${name}`);
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
  const { tenant, partition, stream, version, key, partitionKey } = place;
  const { lastInsertRowid } = connection.run(
    insertEntry,
    partition,
    stream,
    version,
    key,
    stored(tenant),
    partitionKey,
    stored(envelope.id),
    stored(envelope.name),
    envelope.schemaVersion,
    stored(envelope.time),
    factsOf(envelope, tenant),
    envelope.data,
  );
  const position = positionAt(lastInsertRowid, 0);
  const range = ranges.get(partition);
  if (range === undefined) ranges.set(partition, { partition, first: position, last: position });
  else range.last = position;
}

function assertSameKey({ stream, partitionKey }: AppendToStream, { partition_key }: StreamHead): void {
  const established = partition_key === null ? stream.name : restored(partition_key);
  if (partitionKey === undefined || partitionKey === established) return;
  throw new DiptychError({
    code: 'partition-key-changed',
    message: `Stream '${stream.name}' has the partition key '${established}' since its first event; '${partitionKey}' came later.`,
    origin: 'programming',
    details: { ...stream, partitionKey, established },
  });
}

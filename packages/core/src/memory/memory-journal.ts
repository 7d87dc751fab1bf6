import { DiptychError } from '../errors/diptych-error.js';
import type { WrittenRange } from '../journal/consistency-token.js';
import type { JournalEntry, RecordedEvent } from '../journal/journal-entry.js';
import type { Envelope } from '../messages/envelope.js';
import { assertPartitionCount, partitionOf } from '../partitions/partition.js';
import { maxEventsPerUnit, type Position, positionAt } from '../partitions/position.js';
import { assertExpectedVersion } from '../unit-of-work/expected-version.js';
import type { StreamId } from '../unit-of-work/stream-id.js';
import type { AppendToStream, SendCommand } from '../unit-of-work/write-batch.js';

interface MemoryStream {
  readonly partitionKey: string;
  readonly partition: number;
  readonly events: RecordedEvent[];
}

/** What one batch is about to do to a stream: checked before anything is written. */
interface PlannedStream {
  readonly partitionKey: string;
  version: number;
}

/** The journal's rows in memory. Everything here is synchronous, so each call is a transaction by itself. */
export class MemoryJournal {
  readonly partitions: readonly JournalEntry[][];
  /** All entries in position order. */
  readonly all: JournalEntry[] = [];
  // By tenant, then name: no joined key that an odd name could forge.
  readonly #streams = new Map<string, Map<string, MemoryStream>>();
  readonly #listeners = new Set<(partitions: readonly number[]) => void>();
  #row = 0;

  constructor(partitionCount: number) {
    assertPartitionCount(partitionCount);
    this.partitions = Array.from({ length: partitionCount }, () => []);
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions.length);
  }

  events(stream: StreamId): readonly RecordedEvent[] {
    return this.#find(stream)?.events ?? [];
  }

  /** Throws what would keep `write` from writing these; changes nothing. */
  check(entries: readonly (AppendToStream | SendCommand)[]): void {
    assertUnitFits(entries);
    const planned = new Map<string, PlannedStream>();
    for (const entry of entries) if (entry.kind === 'append') this.#checkAppend(entry, planned);
  }

  /** Writes entries that `check` let pass, as one unit of work. */
  write(entries: readonly (AppendToStream | SendCommand)[]): readonly WrittenRange[] {
    if (entries.length === 0) return [];
    const row = ++this.#row;
    let index = 0;
    const ranges = new Map<number, { partition: number; first: Position; last: Position }>();
    const add = (partition: number, entry: JournalEntry) => {
      (this.partitions[partition] as JournalEntry[]).push(entry);
      this.all.push(entry);
      const range = ranges.get(partition);
      if (range === undefined)
        ranges.set(partition, { partition, first: entry.position, last: entry.position });
      else range.last = entry.position;
    };
    for (const entry of entries) {
      if (entry.kind === 'send') {
        const partition = this.partitionOf(entry.key);
        add(partition, recordCommand(entry, partition, positionAt(row, index++)));
        continue;
      }
      if (entry.events.length === 0) continue;
      const stream = this.#findOrMake(entry);
      for (const event of entry.events) {
        const recorded = recordEvent(event, entry.stream.name, stream, positionAt(row, index++));
        stream.events.push(recorded);
        add(stream.partition, recorded);
      }
    }
    return [...ranges.values()];
  }

  onCommit(listener: (partitions: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(partitions: readonly number[]): void {
    for (const listener of this.#listeners) listener(partitions);
  }

  #find({ tenant, name }: StreamId): MemoryStream | undefined {
    return this.#streams.get(tenant)?.get(name);
  }

  #findOrMake({ stream, partitionKey = stream.name }: AppendToStream): MemoryStream {
    const known = this.#find(stream);
    if (known !== undefined) return known;
    const made = { partitionKey, partition: this.partitionOf(partitionKey), events: [] };
    const ofTenant = this.#streams.get(stream.tenant);
    if (ofTenant === undefined) this.#streams.set(stream.tenant, new Map([[stream.name, made]]));
    else ofTenant.set(stream.name, made);
    return made;
  }

  #checkAppend(append: AppendToStream, planned: Map<string, PlannedStream>): void {
    const { stream, expectedVersion, partitionKey } = append;
    const id = JSON.stringify([stream.tenant, stream.name]);
    const now = planned.get(id) ??
      this.#stateOf(stream) ?? { partitionKey: partitionKey ?? stream.name, version: 0 };
    assertExpectedVersion(stream, expectedVersion, now.version);
    if (partitionKey !== undefined && partitionKey !== now.partitionKey) {
      throw new DiptychError({
        code: 'partition-key-changed',
        message: `Stream '${stream.name}' has the partition key '${now.partitionKey}' since its first event; '${partitionKey}' came later.`,
        origin: 'programming',
        details: { ...stream, partitionKey, established: now.partitionKey },
      });
    }
    now.version += append.events.length;
    planned.set(id, now);
  }

  #stateOf(stream: StreamId): PlannedStream | undefined {
    const known = this.#find(stream);
    return known && { partitionKey: known.partitionKey, version: known.events.length };
  }
}

function assertUnitFits(entries: readonly (AppendToStream | SendCommand)[]): void {
  const count = entries.reduce((sum, entry) => sum + (entry.kind === 'append' ? entry.events.length : 1), 0);
  if (count <= maxEventsPerUnit) return;
  throw new DiptychError({
    code: 'unit-too-large',
    message: `One unit of work writes ${count} events and commands; ${maxEventsPerUnit} is the most.`,
    origin: 'programming',
    details: { count, max: maxEventsPerUnit },
  });
}

function recordEvent(event: Envelope, name: string, stream: MemoryStream, position: Position): RecordedEvent {
  const { partition, events } = stream;
  const place = { kind: 'event', stream: name, version: events.length + 1, partition, position } as const;
  return Object.freeze(placed(event, place));
}

function recordCommand({ command, key }: SendCommand, partition: number, position: Position): JournalEntry {
  return Object.freeze(placed(command, { kind: 'command', key, partition, position } as const));
}

/**
 * The envelope with its place, which is made for it. Not `{ ...envelope, ...place }`: to V8 each object that is made so
 * is of a shape of its own, and whoever reads a property of an entry looks for it anew.
 */
function placed<Place extends object>(envelope: Envelope, place: Place): Envelope & Place {
  return Object.assign(place, envelope, { ...place });
}

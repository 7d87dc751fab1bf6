import type { JournalEntry } from '../journal/journal-entry.js';
import type {
  Backlog,
  JournalInfo,
  JournalReader,
  PartitionSlice,
  ReadFrom,
  ReadLimits,
} from '../journal/journal-reader.js';
import type { Position } from '../partitions/position.js';
import type { MemoryJournal } from './memory-journal.js';

/** Reads a journal in memory. */
export class MemoryJournalReader implements JournalReader {
  readonly #journal: MemoryJournal;
  readonly #info: JournalInfo;

  constructor(journal: MemoryJournal, incarnation: string) {
    this.#journal = journal;
    this.#info = { incarnation, partitions: journal.partitions.length };
  }

  async info(): Promise<JournalInfo> {
    return this.#info;
  }

  async read(from: readonly ReadFrom[], limits: ReadLimits): Promise<readonly PartitionSlice[]> {
    const budget = new Budget(limits);
    const cursors = from.map(({ partition, after }) => {
      const entries = this.#entries(partition);
      const start = firstBehind(entries, after);
      return { partition, entries, start, next: start };
    });
    // The oldest first, whichever partition it lies in, so that a busy partition cannot starve the others.
    const byPartition = new Map(cursors.map((cursor) => [cursor.partition, cursor]));
    let left = cursors.reduce((sum, { entries, next }) => sum + entries.length - next, 0);
    const { all } = this.#journal;
    for (let at = firstFrom(all, oldest(cursors)); left > 0 && at < all.length; at++) {
      const entry = all[at]!;
      const cursor = byPartition.get(entry.partition);
      if (cursor === undefined || cursor.entries[cursor.next] !== entry) continue;
      if (!budget.takes(entry)) break;
      cursor.next++;
      left--;
    }
    return cursors.map(({ partition, entries, start, next }) => ({
      partition,
      entries: entries.slice(start, next),
      caughtUp: next === entries.length,
    }));
  }

  async readAll(after: Position | undefined, limits: ReadLimits): Promise<Omit<PartitionSlice, 'partition'>> {
    const { all } = this.#journal;
    const budget = new Budget(limits);
    const start = firstBehind(all, after);
    let next = start;
    while (next < all.length && budget.takes(all[next] as JournalEntry)) next++;
    return { entries: all.slice(start, next), caughtUp: next === all.length };
  }

  async entryAt(partition: number, position: Position): Promise<JournalEntry | undefined> {
    const entries = this.#entries(partition);
    const entry = entries[firstBehind(entries, position) - 1];
    return entry?.position === position ? entry : undefined;
  }

  async heads(): Promise<ReadonlyMap<number, Position>> {
    const heads = new Map<number, Position>();
    this.#journal.partitions.forEach((entries, partition) => {
      const last = entries.at(-1);
      if (last !== undefined) heads.set(partition, last.position);
    });
    return heads;
  }

  async backlog(from: readonly ReadFrom[]): Promise<readonly Backlog[]> {
    return from.map(({ partition, after }) => {
      const entries = this.#entries(partition);
      const start = firstBehind(entries, after);
      return { partition, entries: entries.length - start, oldest: entries[start]?.time };
    });
  }

  onCommit(listener: (partitions: readonly number[]) => void): () => void {
    return this.#journal.onCommit(listener);
  }

  #entries(partition: number): readonly JournalEntry[] {
    return this.#journal.partitions[partition] ?? [];
  }
}

interface Cursor {
  readonly entries: readonly JournalEntry[];
  next: number;
}

/** The position of the oldest entry that is next. */
function oldest(cursors: readonly Cursor[]): Position | undefined {
  const positions = cursors.flatMap(({ entries, next }) => entries[next]?.position ?? []);
  return positions.sort()[0];
}

/** What a reading may still take. The first entry always fits. */
class Budget {
  #events: number;
  #bytes: number;
  #untouched = true;

  constructor({ maxEvents, maxBytes }: ReadLimits) {
    this.#events = maxEvents;
    this.#bytes = maxBytes;
  }

  takes(entry: JournalEntry): boolean {
    this.#events--;
    this.#bytes -= entry.data.length;
    const fits = this.#events >= 0 && (this.#bytes >= 0 || this.#untouched);
    this.#untouched = false;
    return fits;
  }
}

/** The index of the entry at that position, which is there. */
function firstFrom(entries: readonly JournalEntry[], position: Position | undefined): number {
  return position === undefined ? 0 : firstBehind(entries, position) - 1;
}

// The index of the first entry behind a position, found by halving.
function firstBehind(entries: readonly JournalEntry[], after: Position | undefined): number {
  if (after === undefined) return 0;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as JournalEntry).position <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

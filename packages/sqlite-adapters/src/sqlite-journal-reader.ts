import type {
  Backlog,
  JournalEntry,
  JournalInfo,
  JournalReader,
  PartitionSlice,
  Position,
  ReadFrom,
  ReadLimits,
} from '@diptych/core';
import { positionAt } from '@diptych/core';
import { entryOf, type JournalColumns, journalColumns, rowOf } from './sqlite-codec.js';
import type { SqliteJournal } from './sqlite-journal.js';
import { lastRows, nextRows, rowBehind } from './sqlite-journal-places.js';
import { allRows, rowsBehind, take } from './sqlite-journal-rows.js';
import { readMeta } from './sqlite-migrations.js';
import type { SqliteReading } from './sqlite-reading.js';

/** Reads the journal of a SQLite file. */
export class SqliteJournalReader implements JournalReader {
  readonly #reading: SqliteReading;
  readonly #journal: SqliteJournal;
  readonly #partitions: number;

  constructor(reading: SqliteReading, journal: SqliteJournal, partitions: number) {
    this.#reading = reading;
    this.#journal = journal;
    this.#partitions = partitions;
  }

  info(): Promise<JournalInfo> {
    return this.#reading.read((connection) => ({
      incarnation: readMeta(connection, 'incarnation')!,
      partitions: this.#partitions,
    }));
  }

  read(from: readonly ReadFrom[], limits: ReadLimits): Promise<readonly PartitionSlice[]> {
    return this.#reading.readWritten((connection) => {
      const next = nextRows(connection, from);
      const places = from.filter(({ partition }) => next.has(partition));
      const slices = new Map<number, JournalEntry[]>(from.map(({ partition }) => [partition, []]));
      const isAll = take(
        rowsBehind(connection, places, Math.min(...next.values()), this.#partitions),
        limits,
        (entry) => slices.get(entry.partition)!.push(entry),
      );
      const last = isAll ? undefined : lastRows(connection, [...next.keys()]);
      return from.map(({ partition, after }) => {
        const entries = slices.get(partition)!;
        const reached = entries.at(-1)?.position ?? after;
        const end = last?.get(partition);
        return { partition, entries, caughtUp: end === undefined || rowBehind(reached) >= end };
      });
    });
  }

  readAll(after: Position | undefined, limits: ReadLimits): Promise<Omit<PartitionSlice, 'partition'>> {
    return this.#reading.read((connection) => {
      const entries: JournalEntry[] = [];
      const caughtUp = take(allRows(connection, rowBehind(after)), limits, (entry) => entries.push(entry));
      return { entries, caughtUp };
    });
  }

  entryAt(partition: number, position: Position): Promise<JournalEntry | undefined> {
    return this.#reading.read((connection) => {
      const sql = `SELECT ${journalColumns} FROM diptych_journal AS j WHERE j.row = ? AND j.partition = ?`;
      const [found] = connection.columns<JournalColumns>(sql, rowOf(position), partition);
      // Within a row there is one entry only, so most of what looks like a position is none.
      return found !== undefined && positionAt(found[0], 0) === position ? entryOf(found) : undefined;
    });
  }

  heads(): Promise<ReadonlyMap<number, Position>> {
    const partitions = Array.from({ length: this.#partitions }, (_, partition) => partition);
    return this.#reading.read((connection) => {
      const heads = new Map<number, Position>();
      for (const [partition, row] of lastRows(connection, partitions))
        heads.set(partition, positionAt(row, 0));
      return heads;
    });
  }

  backlog(from: readonly ReadFrom[]): Promise<readonly Backlog[]> {
    return this.#reading.readTogether((connection) =>
      from.map(({ partition, after }) => {
        const row = rowBehind(after);
        const { entries } = connection.get<{ entries: number }>(
          'SELECT count(*) AS entries FROM diptych_journal WHERE partition = ? AND row > ?',
          partition,
          row,
        )!;
        const oldest = connection.get<{ time: string }>(
          'SELECT time FROM diptych_journal WHERE partition = ? AND row > ? ORDER BY row LIMIT 1',
          partition,
          row,
        );
        return { partition, entries, oldest: oldest?.time };
      }),
    );
  }

  onCommit(listener: (partitions: readonly number[]) => void): () => void {
    return this.#journal.onCommit(listener);
  }
}

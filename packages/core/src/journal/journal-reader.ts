import type { Position } from '../partitions/position.js';
import type { JournalEntry } from './journal-entry.js';

export interface JournalInfo {
  /** The id that this journal got when it was made, and a new one each time an operator says it was restored. */
  readonly incarnation: string;
  /** How many partitions it has; chosen once. */
  readonly partitions: number;
}

/** One partition to read, and where to go on. */
export interface ReadFrom {
  readonly partition: number;
  /** Entries behind this position are wanted; `undefined` for all of them. */
  readonly after: Position | undefined;
}

export interface ReadLimits {
  /** How many entries at most, over all partitions. */
  readonly maxEvents: number;
  /** How many bytes of data about; a single larger entry is still given. */
  readonly maxBytes: number;
}

/** What one partition held behind the position asked for, in order. */
export interface PartitionSlice {
  readonly partition: number;
  readonly entries: readonly JournalEntry[];
  /** True when this reading reached the end of what is committed. */
  readonly caughtUp: boolean;
}

/** How far a partition is ahead of a checkpoint. */
export interface Backlog {
  readonly partition: number;
  /** Events and commands behind the position asked for. */
  readonly entries: number;
  /** When the oldest of them was written, ISO 8601; `undefined` when there is none. */
  readonly oldest: string | undefined;
}

/**
 * The journal as subscriptions read it. Committed entries come in position order, and none is ever passed over:
 * a reader that has seen a position will not later find an entry below it.
 */
export interface JournalReader {
  info(): Promise<JournalInfo>;
  /** The next entries of several partitions, in one round trip. Each partition named gets a slice. */
  read(from: readonly ReadFrom[], limits: ReadLimits): Promise<readonly PartitionSlice[]>;
  /** The next entries of all partitions together, in position order. */
  readAll(after: Position | undefined, limits: ReadLimits): Promise<Omit<PartitionSlice, 'partition'>>;
  /** The entry at exactly that place, or `undefined` when there is none: the journal was restored, say. */
  entryAt(partition: number, position: Position): Promise<JournalEntry | undefined>;
  /** The last committed position of each partition; a partition without entries is left out. */
  heads(): Promise<ReadonlyMap<number, Position>>;
  backlog(from: readonly ReadFrom[]): Promise<readonly Backlog[]>;
  /**
   * Calls `listener` after each commit in this process, with the partitions that got entries or scheduled commands.
   * It must not throw. Absent where commits cannot be heard of.
   */
  onCommit?(listener: (partitions: readonly number[]) => void): () => void;
}

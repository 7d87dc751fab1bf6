import type { JournalEntry } from '../journal/journal-entry.js';
import type { JournalReader, ReadLimits } from '../journal/journal-reader.js';
import type { PartitionRun } from './partition-run.js';
import { globalPartition } from './subscription-store.js';

/** Where a subscription's entries come from. Each partition's come in order, from its checkpoint on, without a gap. */
export interface Feed {
  /** The next entries of each partition that has some, in as few round trips as can be. */
  next(runs: readonly PartitionRun[]): Promise<ReadonlyMap<PartitionRun, readonly JournalEntry[]>>;
  /** The last call gave nothing for some, but cleared the way: another one at once may find more. */
  readonly mayHaveMore?: boolean;
  /** The checkpoints of these have moved. */
  advanced?(runs: readonly PartitionRun[]): Promise<void>;
  /** These are not owned any more. */
  left?(runs: readonly PartitionRun[]): Promise<void>;
  /** Calls the listener when something may have come. */
  onArrival?(listener: () => void): () => void;
}

/** Reads the partitions of the journal: one statement for all of them. */
export class JournalFeed implements Feed {
  readonly #reader: JournalReader;
  readonly #limits: ReadLimits;
  #turns = 0;

  constructor(reader: JournalReader, limits: ReadLimits) {
    this.#reader = reader;
    this.#limits = limits;
  }

  async next(runs: readonly PartitionRun[]): Promise<ReadonlyMap<PartitionRun, readonly JournalEntry[]>> {
    const isGlobal = runs.some(({ partition }) => partition === globalPartition);
    const slices = isGlobal ? await this.#readAll(runs) : await this.#readPartitions(runs);
    const found = new Map<PartitionRun, readonly JournalEntry[]>();
    for (const run of runs) found.set(run, slices.get(run.partition) ?? []);
    return found;
  }

  async #readPartitions(runs: readonly PartitionRun[]): Promise<Map<number, readonly JournalEntry[]>> {
    // Begins with another partition each time, so that a full one cannot use the limits up before the others.
    const first = runs.length === 0 ? 0 : this.#turns++ % runs.length;
    const inTurn = [...runs.slice(first), ...runs.slice(0, first)];
    const from = inTurn.map(({ partition, checkpoint }) => ({ partition, after: checkpoint?.position }));
    const slices = from.length === 0 ? [] : await this.#reader.read(from, this.#limits);
    return new Map(slices.map(({ partition, entries }) => [partition, entries]));
  }

  async #readAll(runs: readonly PartitionRun[]): Promise<Map<number, readonly JournalEntry[]>> {
    const { entries } = await this.#reader.readAll(runs[0]?.checkpoint?.position, this.#limits);
    return new Map([[globalPartition, entries]]);
  }
}

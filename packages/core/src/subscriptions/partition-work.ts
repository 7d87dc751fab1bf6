import type { Checkpoint } from '../journal/checkpoint.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { handleBatch } from './batch.js';
import type { Feed } from './feed.js';
import type { OwnedPartitions } from './owned-partitions.js';
import { runParkedHeads } from './parked-heads.js';
import type { PartitionRun } from './partition-run.js';
import { preparePartition } from './prepare-partition.js';
import { goBackToWhole, isDoubtful } from './rewinding.js';
import { oldEnough } from './subscription-control.js';
import type { SubscriptionSettings } from './subscription-options.js';
import { type SubscriptionParts, unlessFenced } from './subscription-parts.js';

export type PartitionWorkOptions = Pick<SubscriptionSettings, 'honourDiscardsOf' | 'startAt'>;

/** What is done with the partitions that are owned, turn by turn: all of them in each step, each failing alone. */
export class PartitionWork {
  readonly #parts: SubscriptionParts;
  readonly #options: PartitionWorkOptions;
  readonly #owned: OwnedPartitions;
  readonly #feed: Feed;

  constructor(parts: SubscriptionParts, options: PartitionWorkOptions, owned: OwnedPartitions, feed: Feed) {
    this.#parts = parts;
    this.#options = options;
    this.#owned = owned;
    this.#feed = feed;
  }

  /** Prepares what was taken, runs parked messages that are ready, then the next entries. Says whether anything was done. */
  async turn(delayInMs: number): Promise<boolean> {
    const runs = this.#owned.runnable;
    const fresh = runs.filter(({ isPrepared }) => !isPrepared);
    if (fresh.length > 0) await this.#prepare(fresh);
    await this.#lookAfter(
      this.#owned.runnable.filter((run) => run.isPrepared && isDoubtful(this.#parts, run)),
    );
    const gated = this.#owned.runnable.filter(({ gates }) => gates.size > 0);
    const heads = await this.#owned.each(gated, (run) => runParkedHeads(this.#parts, run));
    const open = this.#owned.runnable.filter(({ isOpen }) => isOpen);
    const moved = await this.#handleNext(open, delayInMs);
    this.#owned.wentWell(runs);
    return moved || heads.some(([, count]) => count > 0);
  }

  async #prepare(runs: readonly PartitionRun[]): Promise<void> {
    const { honourDiscardsOf, startAt } = this.#options;
    const names = [this.#parts.subscription, ...honourDiscardsOf];
    const discards = Promise.all(names.map((name) => this.#parts.store.discarded(name)));
    await this.#owned.each(runs, async (run) => {
      await preparePartition(this.#parts, run, { startAt, discards: (await discards).flat() });
    });
  }

  /** What was set back is read on from there like any other: the feed goes by the checkpoint. */
  async #lookAfter(runs: readonly PartitionRun[]): Promise<void> {
    if (runs.length > 0) await this.#owned.each(runs, (run) => goBackToWhole(this.#parts, run));
  }

  async #handleNext(runs: readonly PartitionRun[], delayInMs: number): Promise<boolean> {
    const found = await this.#read(runs);
    const withEntries = [...found].filter(([run, entries]) => {
      run.heldUntil = undefined;
      // Most partitions have nothing most of the time, and then cost nothing more.
      return entries.length > 0;
    });
    const handled = await this.#owned.each(
      withEntries.map(([run]) => run),
      (run) => this.#handle(run, found.get(run) ?? [], delayInMs),
    );
    const moves = handled.flatMap(([run, checkpoint]) =>
      checkpoint === undefined ? [] : [{ run, checkpoint }],
    );
    await this.#advance(moves);
    const mayHaveMore = runs.length > 0 && this.#feed.mayHaveMore === true;
    return mayHaveMore || moves.length > 0 || handled.some(([run]) => !run.isOpen);
  }

  async #read(runs: readonly PartitionRun[]): Promise<ReadonlyMap<PartitionRun, readonly JournalEntry[]>> {
    try {
      return runs.length === 0 ? new Map() : await this.#feed.next(runs);
    } catch (error) {
      for (const run of runs) this.#owned.failed(run, error);
      return new Map();
    }
  }

  async #handle(
    run: PartitionRun,
    found: readonly JournalEntry[],
    delayInMs: number,
  ): Promise<Checkpoint | undefined> {
    const { entries, heldUntil } = oldEnough(found, delayInMs, this.#parts.clock.now());
    run.heldUntil = heldUntil;
    return entries.length === 0 ? undefined : handleBatch(this.#parts, run, entries);
  }

  /** Moves the checkpoints: one statement, and the last step, so that whatever fails before brings the batch again. */
  async #advance(
    moves: readonly { readonly run: PartitionRun; readonly checkpoint: Checkpoint }[],
  ): Promise<void> {
    if (moves.length === 0) return;
    const runs = moves.map(({ run }) => run);
    try {
      const asked = moves.map(({ run, checkpoint }) => ({ ownership: run.ownership, checkpoint }));
      const answers = await this.#parts.store.advance(asked);
      const advanced = await this.#owned.each(runs, async (run) => {
        const index = runs.indexOf(run);
        unlessFenced(answers[index] ?? 'fenced', run);
        run.checkpoint = moves[index]?.checkpoint;
      });
      await this.#feed.advanced?.(advanced.map(([run]) => run));
    } catch (error) {
      for (const run of runs) this.#owned.failed(run, error);
    }
  }
}

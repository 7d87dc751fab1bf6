import {
  type Acquired,
  type AcquireRequest,
  type Checkpoint,
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
import type { RedisClient } from '../redis-client.js';
import { rewindScript } from './checkpoint-scripts.js';
import { checkpointValues } from './checkpoint-text.js';
import { FencedCalls } from './fenced-calls.js';
import { ParkedLists } from './parked-lists.js';
import { gatedScript, nextDueScript, readyScript } from './parked-scripts.js';
import { failureValues, type ParkedRow, parkedIn, parkedValues } from './parked-text.js';
import { failScript, parkScript, takeHeadScript, wishScript } from './parking-scripts.js';
import { partitionStates } from './partition-states.js';
import { type Move, RedisCheckpoints } from './redis-checkpoints.js';
import { RedisLeases } from './redis-leases.js';
import { namesKey, subscriptionKeys } from './subscription-keys.js';
import { SubscriptionScripts } from './subscription-script.js';
import { ToldWrites } from './told-writes.js';

/** Checkpoints, leases, epochs and parked messages in Redis: each call is one script on one server. */
export class RedisSubscriptionStore implements SubscriptionStore {
  readonly #scripts: SubscriptionScripts;
  readonly #leases: RedisLeases;
  readonly #checkpoints: RedisCheckpoints;
  readonly #calls: FencedCalls;
  readonly #lists: ParkedLists;
  readonly #listeners = new Set<(subscription: string) => void>();

  constructor(client: RedisClient, prefix: string) {
    this.#scripts = new SubscriptionScripts(client, prefix);
    const told = new ToldWrites();
    this.#leases = new RedisLeases(this.#scripts, told);
    this.#calls = new FencedCalls(this.#scripts, told);
    this.#checkpoints = new RedisCheckpoints(this.#scripts, this.#calls);
    this.#lists = new ParkedLists(this.#scripts);
  }

  acquire(request: AcquireRequest): Promise<Acquired> {
    return this.#leases.acquire(request);
  }

  seize(request: SeizeRequest): Promise<OwnedPartition> {
    return this.#leases.seize(request);
  }

  async release(owned: readonly Ownership[]): Promise<void> {
    await this.#leases.release(owned);
    for (const { subscription } of owned) this.#changed(subscription);
  }

  async advance(moves: readonly Move[]): Promise<readonly FencedOr<'advanced'>[]> {
    const answers = await this.#checkpoints.advance(moves);
    moves.forEach(({ ownership }, at) => {
      if (answers[at] !== 'fenced') this.#changed(ownership.subscription);
    });
    return answers;
  }

  rewind(ownership: Ownership, checkpoint: Checkpoint | undefined): Promise<FencedOr<'rewound'>> {
    return this.#write(rewindScript, ownership, checkpointValues(checkpoint));
  }

  async park(ownership: Ownership, messages: readonly NewParkedMessage[]): Promise<FencedOr<'parked'>> {
    return this.#write(parkScript, ownership, messages.flatMap(parkedValues));
  }

  async gatedKeys(ownership: Ownership): Promise<FencedOr<ReadonlySet<string>>> {
    const keys = await this.#calls.call<readonly string[]>(gatedScript, ownership);
    return keys === 'fenced' ? keys : new Set(keys.map(restored));
  }

  async ready(ownership: Ownership, limit: number): Promise<readonly ParkedMessage[]> {
    const rows = await this.#calls.call<readonly ParkedRow[]>(readyScript, ownership, [limit]);
    return rows === 'fenced' ? [] : rows.map((row) => parkedIn(ownership.subscription, row));
  }

  async nextDueInMs(ownership: Ownership): Promise<number | undefined> {
    const due = await this.#calls.call<number | ''>(nextDueScript, ownership);
    return typeof due === 'number' ? due : undefined;
  }

  settleParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#write(takeHeadScript, ownership, [stored(key), position]);
  }

  discardParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#write(takeHeadScript, ownership, [stored(key), position, 'discard']);
  }

  failParked(
    ownership: Ownership,
    key: string,
    position: Position,
    failure: ParkedFailure,
  ): Promise<FencedOr<'parked'>> {
    return this.#write(failScript, ownership, [stored(key), position, ...failureValues(failure)]);
  }

  discarded(subscription: string): Promise<readonly Discarded[]> {
    return this.#lists.discarded(subscription);
  }

  state(subscription: string, partitions?: readonly number[]): Promise<readonly PartitionState[]> {
    return partitionStates(this.#scripts, subscription, partitions);
  }

  listParked(query: ParkedQuery): Promise<readonly ParkedMessage[]> {
    return this.#lists.list(query);
  }

  requestRetry(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'r');
  }

  requestDiscard(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'd');
  }

  /** An owner that renews at this very moment may be unnamed until it renews again. */
  async forget(subscription: string, { discardsToo = false } = {}): Promise<void> {
    const { client, prefix } = this.#scripts;
    const { discards, ...others } = subscriptionKeys(prefix, subscription);
    const keys = [...Object.values(others), ...(discardsToo ? [discards] : [])];
    await client.send({ key: discards, words: ['UNLINK', ...keys] });
    const names = namesKey(prefix);
    await client.send({ key: names, words: ['SREM', names, stored(subscription)] });
    this.#changed(subscription);
  }

  onChange(listener: (subscription: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #write<Answer extends string>(
    script: typeof parkScript,
    ownership: Ownership,
    values: readonly (string | number)[],
  ): Promise<FencedOr<Answer>> {
    const answer = await this.#calls.call<Answer>(script, ownership, values);
    if (answer !== 'fenced') this.#changed(ownership.subscription);
    return answer;
  }

  async #wish(
    { subscription, partition, key, position }: ParkedAddress,
    wish: 'r' | 'd',
  ): Promise<'requested' | 'not-parked'> {
    const values = [partition, stored(key), position, wish];
    if ((await this.#scripts.run(wishScript, subscription, values)) !== 1) return 'not-parked';
    this.#changed(subscription);
    return 'requested';
  }

  #changed(subscription: string): void {
    for (const listener of this.#listeners) listener(subscription);
  }
}

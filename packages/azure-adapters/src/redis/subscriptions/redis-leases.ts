import {
  type Acquired,
  type AcquireRequest,
  type OwnedPartition,
  type Ownership,
  type SeizeRequest,
  stored,
} from '@diptych/core';
import { redisError } from '../redis-errors.js';
import { bySubscription } from './by-subscription.js';
import { type CheckpointReply, checkpointIn } from './checkpoint-text.js';
import { acquireScript, releaseScript, seizeScript } from './lease-scripts.js';
import { namesKey } from './subscription-keys.js';
import type { SubscriptionScript, SubscriptionScripts } from './subscription-script.js';
import type { ToldWrites } from './told-writes.js';

type OwnedReply = readonly [partition: string, epoch: string, writes: string, ...checkpoint: CheckpointReply];

/** Who has which partition. */
export class RedisLeases {
  readonly #scripts: SubscriptionScripts;
  readonly #told: ToldWrites;

  constructor(scripts: SubscriptionScripts, told: ToldWrites) {
    this.#scripts = scripts;
    this.#told = told;
  }

  async acquire({ subscription, partitions, owner, leaseInMs, most }: AcquireRequest): Promise<Acquired> {
    const wanted = partitions.flatMap((partition) => this.#wanted({ subscription, partition, owner }));
    const values = [stored(owner), leaseInMs, most ?? '', ...wanted];
    const [owners, owned] = (await this.#ask(acquireScript, subscription, values)) as [
      number,
      readonly OwnedReply[],
    ];
    return { owned: owned.map((reply) => this.#owned(subscription, owner, reply)), owners };
  }

  async seize({ subscription, partition, owner, leaseInMs }: SeizeRequest): Promise<OwnedPartition> {
    const values = [stored(owner), leaseInMs, ...this.#wanted({ subscription, partition, owner })];
    return this.#owned(
      subscription,
      owner,
      (await this.#ask(seizeScript, subscription, values)) as OwnedReply,
    );
  }

  async release(owned: readonly Ownership[]): Promise<void> {
    const lists = bySubscription(owned, ({ subscription }) => subscription);
    await Promise.all(
      [...lists].map(([subscription, list]) => {
        const values = list.flatMap(({ partition, owner, epoch }) => [partition, stored(owner), epoch]);
        return this.#scripts.run(releaseScript, subscription, values);
      }),
    );
  }

  /**
   * Names the subscription in the same round trip, wherever the names lie. It is said again with each renewal, so
   * it does not matter where it fails.
   */
  async #ask(script: SubscriptionScript, subscription: string, values: readonly (string | number)[]) {
    const { client, prefix } = this.#scripts;
    const key = namesKey(prefix);
    const asking = this.#scripts.command(script, subscription, values);
    const [reply] = await client.tryAll([asking, { key, words: ['SADD', key, stored(subscription)] }]);
    if (reply instanceof Error) throw redisError(reply);
    return reply;
  }

  #wanted(of: Omit<Ownership, 'epoch'>): readonly number[] {
    const { epoch, writes } = this.#told.last(of);
    return [of.partition, epoch, writes];
  }

  #owned(
    subscription: string,
    owner: string,
    [partition, epoch, writes, ...checkpoint]: OwnedReply,
  ): OwnedPartition {
    const ownership = { subscription, partition: Number(partition), owner, epoch: Number(epoch) };
    this.#told.note(ownership, Number(writes));
    return { ...ownership, checkpoint: checkpointIn(checkpoint) };
  }
}

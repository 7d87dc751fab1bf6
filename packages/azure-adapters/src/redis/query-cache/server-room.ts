import type { Clock } from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import { redisError, replyCode } from '../redis-errors.js';

/** What a server says of its memory. */
interface Memory {
  readonly used: number;
  /** 0 for no limit. */
  readonly limit: number;
  readonly policy: string;
}

export interface ServerRoomOptions {
  readonly client: RedisClient;
  readonly clock: Clock;
  /** How much of its memory a server that evicts nothing may have used, as a part of 1. */
  readonly maxMemoryUse: number;
}

const lookedAtForMs = 2_000;

/**
 * Whether there is room for answers. A server that evicts has room always. One that does not would refuse everybody's
 * writes once it is full, those of read models that are kept there as well: so nothing is put there beyond a part of it.
 */
export class ServerRoom {
  readonly #options: ServerRoomOptions;
  #known: Promise<boolean> | undefined;
  #until = 0;

  constructor(options: ServerRoomOptions) {
    this.#options = options;
  }

  /** @throws what `redisError` makes of it. */
  isThere(): Promise<boolean> {
    const { clock } = this.#options;
    if (this.#known !== undefined && clock.now() < this.#until) return this.#known;
    this.#until = clock.now() + lookedAtForMs;
    const known = this.#look();
    this.#known = known;
    known.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known;
  }

  /** What is to be known of the servers before they are used, in words. */
  async warnings(): Promise<readonly string[]> {
    const all = await this.#memories();
    if (all.includes(undefined)) {
      return [
        'Redis does not tell its memory (INFO is not allowed): see to it yourself that answers of queries leave room for what else it keeps.',
      ];
    }
    const unlimited = all.some((memory) => memory?.limit === 0);
    return unlimited
      ? [
          'Redis has no maxmemory: answers of queries are kept until their time is over, however much memory that takes.',
        ]
      : [];
  }

  async #look(): Promise<boolean> {
    const { maxMemoryUse } = this.#options;
    const all = await this.#memories();
    return all.every((memory) => {
      if (memory === undefined || memory.limit === 0 || memory.policy !== 'noeviction') return true;
      return memory.used < maxMemoryUse * memory.limit;
    });
  }

  #memories(): Promise<readonly (Memory | undefined)[]> {
    return Promise.all(this.#options.client.primaries.map((server) => memoryOf(server)));
  }
}

/** `undefined` where it may not be asked. */
async function memoryOf(server: RedisClient['primaries'][number]): Promise<Memory | undefined> {
  try {
    const told = await server.info('memory');
    const value = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(told)?.[1];
    return {
      used: Number(value('used_memory') ?? 0),
      limit: Number(value('maxmemory') ?? 0),
      policy: value('maxmemory_policy') ?? '',
    };
  } catch (error) {
    if (['NOPERM', 'ERR'].includes(replyCode(error) ?? '')) return undefined;
    throw redisError(error);
  }
}

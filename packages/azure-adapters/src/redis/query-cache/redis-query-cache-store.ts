import { createHash } from 'node:crypto';
import type { AnswerClaim, KeepOptions, LookedUp, QueryCacheStore } from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import { keepScript, lookScript, releaseScript } from './cache-scripts.js';
import type { ServerRoom } from './server-room.js';

export interface RedisQueryCacheStoreOptions {
  readonly client: RedisClient;
  readonly prefix: string;
  readonly room: ServerRoom;
}

/** Answers in Redis: a key for each, and one for its lease while somebody has it, in the same slot. */
export class RedisQueryCacheStore implements QueryCacheStore {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #room: ServerRoom;

  constructor({ client, prefix, room }: RedisQueryCacheStoreOptions) {
    this.#client = client;
    this.#prefix = prefix;
    this.#room = room;
  }

  async look(key: string, claim?: AnswerClaim): Promise<LookedUp> {
    const { answer, lease } = this.#keysOf(key);
    const values = claim === undefined ? [] : [claim.token, Math.ceil(claim.leaseInMs)];
    const reply = await this.#client.run(lookScript, [answer, lease], values);
    const [at, claimed, begun, text] = reply as readonly [string, number, string, string];
    return {
      at: Number(at),
      answer: begun === '' ? undefined : { text, begunAt: Number(begun) },
      claimed: claimed === 1,
    };
  }

  async keep(key: string, text: string, { begunAt, livesForMs }: KeepOptions): Promise<boolean> {
    if (!(await this.#room.isThere())) return false;
    const values = [Math.floor(begunAt), Math.floor(livesForMs), text];
    return (await this.#client.run(keepScript, [this.#keysOf(key).answer], values)) === 1;
  }

  async release(key: string, token: string): Promise<void> {
    await this.#client.run(releaseScript, [this.#keysOf(key).lease], [token]);
  }

  /** By their hash: names of keys are seen by whoever operates the server, and what was asked may be nobody's business. */
  #keysOf(key: string): { readonly answer: string; readonly lease: string } {
    const hash = createHash('sha256').update(key, 'utf16le').digest('base64url');
    const answer = `${this.#prefix}:{${hash}}`;
    return { answer, lease: `${answer}:lease` };
  }
}

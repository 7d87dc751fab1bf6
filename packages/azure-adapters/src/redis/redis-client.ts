import { Cluster, type Redis } from 'ioredis';
import { keySlot } from './key-slot.js';
import { redisError, replyCode } from './redis-errors.js';
import type { RedisScript } from './redis-script.js';

type Word = string | number | Buffer;

/** One command on one key, or on several of one slot. */
export interface RedisCommand {
  readonly key: string;
  readonly words: readonly [name: string, ...words: Word[]];
  /** Where it runs one: sent in full to a server that does not know it. */
  readonly script?: RedisScript;
}

export interface RedisClientOptions {
  /** For our own tests: how far the clock of scripts is to be ahead of the server's. */
  readonly aheadInMs?: (() => number) | undefined;
}

/** Told of what a command met: that keys are served elsewhere, or that a server is none to write to any more. */
type ChangeListener = () => void;

/** Replies that say that another server has these keys now. */
const changes = new Set(['MOVED', 'ASK', 'READONLY', 'CLUSTERDOWN', 'MASTERDOWN', 'LOADING']);
const sentAgain = new Set(['MOVED', 'ASK', 'TRYAGAIN', 'NOSCRIPT']);

/** Commands on a Redis or on a cluster. Values are arguments; none becomes part of a script. */
export class RedisClient {
  readonly native: Redis | Cluster;
  readonly #aheadInMs: () => number;
  readonly #listeners = new Set<ChangeListener>();

  constructor(native: Redis | Cluster, { aheadInMs = () => 0 }: RedisClientOptions = {}) {
    this.native = native;
    this.#aheadInMs = aheadInMs;
  }

  /** The connections to all servers that are written to. */
  get primaries(): readonly Redis[] {
    return this.native instanceof Cluster ? this.native.nodes('master') : [this.native];
  }

  /** The returned function ends it. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws what `redisError` makes of it. */
  async send(command: RedisCommand): Promise<unknown> {
    const [result] = await this.sendAll([command]);
    return result;
  }

  /** The keys of a script lie in one slot. Its arguments begin at `ARGV[2]`. */
  run(script: RedisScript, keys: readonly [string, ...string[]], values: readonly Word[]): Promise<unknown> {
    return this.send(this.scripted(script, keys, values));
  }

  scripted(script: RedisScript, keys: readonly [string, ...string[]], values: readonly Word[]): RedisCommand {
    const words = ['EVALSHA', script.sha, keys.length, ...keys, this.#aheadInMs(), ...values] as const;
    return { key: keys[0], words: words as unknown as RedisCommand['words'], script };
  }

  /**
   * Sends commands that do not depend on each other, all at once, to each server together. The replies are in the order
   * of the commands.
   * @throws what `redisError` makes of the first that failed, when all have come to an end.
   */
  async sendAll(commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const replies = await this.tryAll(commands);
    for (const reply of replies) if (reply instanceof Error) throw redisError(reply);
    return replies;
  }

  /** As `sendAll`, but a command that failed has its error, as the driver gave it, in place of a reply. */
  async tryAll(commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const replies = new Array<unknown>(commands.length);
    await Promise.all(
      this.#byServer(commands).map((places) => this.#sendTogether(commands, places, replies)),
    );
    await Promise.all(
      commands.map(async (command, place) => {
        if (sentAgain.has(replyCode(replies[place]) ?? '')) replies[place] = await this.#sendAgain(command);
      }),
    );
    if (replies.some((reply) => changes.has(replyCode(reply) ?? ''))) this.#changed();
    return replies;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Places of commands that go to the same server. */
  #byServer(commands: readonly RedisCommand[]): readonly (readonly number[])[] {
    const { native } = this;
    if (!(native instanceof Cluster)) return commands.length === 0 ? [] : [[...commands.keys()]];
    const places = new Map<string, number[]>();
    commands.forEach(({ key }, place) => {
      const slot = keySlot(key);
      // Nobody knows who has a slot until the first answer of the cluster: the driver finds out.
      const server = native.slots[slot]?.join() ?? `slot ${slot}`;
      const known = places.get(server);
      if (known === undefined) places.set(server, [place]);
      else known.push(place);
    });
    return [...places.values()];
  }

  async #sendTogether(
    commands: readonly RedisCommand[],
    places: readonly number[],
    replies: unknown[],
  ): Promise<void> {
    const pipeline = this.native.pipeline();
    for (const place of places) pipeline.call(...(commands[place]!.words as [string, ...Word[]]));
    const results = await pipeline.exec().catch((error: unknown) => places.map(() => [error, undefined]));
    places.forEach((place, at) => {
      const [error, reply] = results?.[at] ?? [];
      replies[place] = error ?? reply;
    });
  }

  /** The driver follows redirections of a single command. */
  async #sendAgain({ words, script }: RedisCommand): Promise<unknown> {
    this.#changed();
    const [, , ...rest] = words;
    const again = script === undefined ? words : (['EVAL', script.lua, ...rest] as const);
    return this.native.call(...(again as unknown as [string, ...Word[]])).catch((error: unknown) => error);
  }
}

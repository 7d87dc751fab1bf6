import { type Clock, UnavailableError } from '@diptych/core';
import type { Redis } from 'ioredis';
import type { RedisClient } from './redis-client.js';
import { redisError, replyCode } from './redis-errors.js';
import { historyIn, isReplica, namesOf, type ServerHistory, withEarlier } from './server-history.js';

/** So soon after a change an effect may still be on its way that came before it. */
const recentInMs = 10_000;

/**
 * The histories of all servers that are written to. A server that takes over, or starts anew, is another connection: as
 * long as the connections stand, what was asked once is known.
 */
export class ServerHistories {
  readonly #client: RedisClient;
  readonly #clock: Clock;
  readonly #known = new Map<Redis, ServerHistory>();
  readonly #watched = new Map<Redis, () => void>();
  readonly #stopListening: () => void;
  #looking: Promise<readonly ServerHistory[] | undefined> | undefined;
  #next: Promise<readonly ServerHistory[] | undefined> | undefined;
  #last: readonly ServerHistory[] = [];
  #ids = '';
  #changedAt = Number.NEGATIVE_INFINITY;
  #isTold = true;

  constructor(client: RedisClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.#stopListening = client.onChange(() => this.#known.clear());
  }

  /** Whether the servers say anything of their histories, as far as they were asked. */
  get areTold(): boolean {
    return this.#isTold;
  }

  /** Names all of them; empty while one is not known. */
  get names(): string {
    const known = this.#allKnown();
    return known === undefined ? '' : namesOf(known);
  }

  /** Whether one of them is another than a moment ago. */
  get haveChangedJustNow(): boolean {
    return this.#clock.now() - this.#changedAt < recentInMs;
  }

  /** As they are known; asked where one is not. `undefined` where they are not told. */
  async current(): Promise<readonly ServerHistory[] | undefined> {
    return this.#allKnown() ?? (this.#isTold ? this.look() : undefined);
  }

  /**
   * As they are now, with their offsets. Whoever asks at the same time shares a question; whoever asks while it is on
   * its way, the one after it.
   */
  look(): Promise<readonly ServerHistory[] | undefined> {
    this.#next ??= this.#lookNext();
    return this.#next;
  }

  async #lookNext(): Promise<readonly ServerHistory[] | undefined> {
    await this.#looking?.catch(() => undefined);
    this.#next = undefined;
    this.#looking = this.#ask();
    return this.#looking;
  }

  stop(): void {
    this.#stopListening();
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
  }

  #allKnown(): readonly ServerHistory[] | undefined {
    const known = this.#client.primaries.map((server) => this.#known.get(server));
    return known.length > 0 && known.every((one) => one !== undefined) ? known : undefined;
  }

  async #ask(): Promise<readonly ServerHistory[] | undefined> {
    const servers = this.#client.primaries;
    for (const server of servers) this.#watch(server);
    const infos = await Promise.all(servers.map(replicationOf));
    const histories = infos.map((info) =>
      this.#withEarlier(info === undefined ? undefined : historyIn(info)),
    );
    if (servers.length === 0 || infos.some((info) => info !== undefined && isReplica(info)))
      throw new UnavailableError('A server of Redis is not to be written to at the moment.');
    this.#isTold = histories.every((one) => one !== undefined);
    if (!this.#isTold) return undefined;
    const found = histories as readonly ServerHistory[];
    servers.forEach((server, at) => {
      if (server.status === 'ready') this.#known.set(server, found[at]!);
    });
    this.#last = found;
    const ids = namesOf(found);
    if (this.#ids !== '' && this.#ids !== ids) this.#changedAt = this.#clock.now();
    this.#ids = ids;
    return found;
  }

  /** As long as the history is the same, so is what is known of those before. */
  #withEarlier(history: ServerHistory | undefined): ServerHistory | undefined {
    const same = this.#last.find(({ id }) => id === history?.id);
    if (history === undefined || same === undefined) return history && withEarlier(history, this.#last);
    return { ...history, before: same.before };
  }

  /** What a connection told is of no use when it has broken. */
  #watch(server: Redis): void {
    if (this.#watched.has(server)) return;
    const forget = () => void this.#known.delete(server);
    const end = () => {
      unwatch();
      forget();
    };
    const unwatch = () => {
      server.off('close', forget).off('end', end);
      this.#watched.delete(server);
    };
    server.on('close', forget).on('end', end);
    this.#watched.set(server, unwatch);
  }
}

async function replicationOf(server: Redis): Promise<string | undefined> {
  try {
    return await server.info('replication');
  } catch (error) {
    if (['NOPERM', 'ERR'].includes(replyCode(error) ?? '')) return undefined;
    throw redisError(error);
  }
}

import type { DocumentId } from '@diptych/core';
import type { RedisClient, RedisCommand } from '../redis-client.js';
import { redisScript } from '../redis-script.js';
import type { HeldCopy } from './copies.js';
import type { Place } from './index-members.js';
import { type Entry, stemOf } from './stored-value.js';

/** The set of tombstones: the only one that is ordered by time, and that of all tenants. */
const tombstonesSet = 't';

export function tombstonePlace({ tenant, name }: DocumentId): Place {
  return { set: tombstonesSet, stem: JSON.stringify([tenant, name]) };
}

/** The document that a member of the set of tombstones is for. */
export function tombstoneId(member: string): DocumentId {
  const [tenant, name] = JSON.parse(stemOf(member)) as [string, string];
  return { tenant, name };
}

/** By the time of the server that has the set. One that is there keeps its time. */
const addTombstones = redisScript(`
local time = now()
for n = 2, #ARGV do redis.call('ZADD', KEYS[1], 'NX', time, ARGV[n]) end
return 0
`);

/** Entries of documents of one copy, put into or taken out of their sorted sets: for each set one command. */
export class EntryBatch {
  readonly #copy: HeldCopy;
  readonly #members = new Map<string, string[]>();

  constructor(copy: HeldCopy) {
    this.#copy = copy;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  put({ tenant }: DocumentId, entries: readonly Entry[]): void {
    for (const [set, member] of entries) {
      const key = set === tombstonesSet ? this.#copy.keys.tombstones : this.#copy.keys.set(tenant, set);
      const known = this.#members.get(key);
      if (known === undefined) this.#members.set(key, [member]);
      else known.push(member);
    }
  }

  added(client: RedisClient): readonly RedisCommand[] {
    return [...this.#members].map(([key, members]) =>
      key === this.#copy.keys.tombstones
        ? client.scripted(addTombstones, [key], members)
        : { key, words: ['ZADD', key, ...members.flatMap((member) => [0, member])] },
    );
  }

  removed(): readonly RedisCommand[] {
    return [...this.#members].map(([key, members]) => ({ key, words: ['ZREM', key, ...members] }));
  }
}

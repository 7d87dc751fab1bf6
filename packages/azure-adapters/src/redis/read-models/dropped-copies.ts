import { textOf } from '../../ordering/ordered-text.js';
import type { RedisClient } from '../redis-client.js';
import { redisScript } from '../redis-script.js';
import type { HeldCopy } from './copies.js';
import { copyKeys, modelKeys } from './copy-keys.js';
import { type DeclaredIndexes, idsSet, indexSets } from './index-members.js';
import { tombstoneId } from './sorted-sets.js';

/** How many documents go in one step. */
const removedAtOnce = 500;

/**
 * A copy that was dropped is remembered for so long after: a writer who was held up on its way may have written to it
 * behind its removal. What it left goes with the next copy that is dropped.
 */
const rememberedForMs = 600_000;

const listDropped = redisScript(`
local found = {}
local time = now()
local rows = redis.call('HGETALL', KEYS[1])
for n = 1, #rows, 2 do
  local since, rest = string.match(rows[n + 1], '^(%d+) (.*)$')
  found[#found + 1] = { rows[n], time - since, rest }
end
return found
`);

type DroppedRow = readonly [id: string, ageInMs: number, kept: string];

/** Removes the documents of copies that are gone, in steps that hold no server up. */
export class DroppedCopies {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  async removeAll(model: string): Promise<void> {
    const { dropped } = modelKeys(this.#prefix, model);
    const rows = (await this.#client.run(listDropped, [dropped], [])) as readonly DroppedRow[];
    for (const [id, ageInMs, kept] of rows) {
      const { indexes } = JSON.parse(kept) as { readonly indexes: DeclaredIndexes };
      await this.#remove({ id, indexes, keys: copyKeys(this.#prefix, id) });
      if (ageInMs >= rememberedForMs) await this.#client.send({ key: dropped, words: ['HDEL', dropped, id] });
    }
  }

  async #remove(held: HeldCopy): Promise<void> {
    const { tenants, tombstones } = held.keys;
    for (;;) {
      const found = await this.#client.send({ key: tenants, words: ['SRANDMEMBER', tenants] });
      if (typeof found !== 'string') break;
      await this.#removeTenant(held, JSON.parse(found) as string);
      await this.#client.send({ key: tenants, words: ['SREM', tenants, found] });
    }
    await this.#removeListed(tombstones, (member) => held.keys.document(tombstoneId(member)));
  }

  async #removeTenant(held: HeldCopy, tenant: string): Promise<void> {
    const setOf = (set: string) => held.keys.set(tenant, set);
    const nameOf = (member: string) => held.keys.document({ tenant, name: textOf(member) });
    await this.#removeListed(setOf(idsSet), nameOf);
    await this.#unlink(Object.keys(held.indexes).flatMap(indexSets).map(setOf));
  }

  /** First the documents that a set lists, then what it lists: after a crash it goes on from there. */
  async #removeListed(key: string, documentOf: (member: string) => string): Promise<void> {
    for (;;) {
      const words = ['ZRANGE', key, 0, removedAtOnce - 1] as const;
      const members = (await this.#client.send({ key, words })) as readonly string[];
      if (members.length === 0) return;
      await this.#unlink(members.map(documentOf));
      await this.#client.send({ key, words: ['ZREM', key, ...members] });
    }
  }

  async #unlink(keys: readonly string[]): Promise<void> {
    await this.#client.sendAll(keys.map((key) => ({ key, words: ['UNLINK', key] })));
  }
}

import type { DocumentId, Marks } from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import { redisScript } from '../redis-script.js';
import type { HeldCopy } from './copies.js';
import { type RedisDocuments, removeScript } from './documents.js';
import type { Mender, StaleEntry } from './mending.js';
import { EntryBatch, tombstoneId, tombstonePlace } from './sorted-sets.js';
import { readRevision, readValue } from './stored-value.js';

/** How many are looked at in one step. */
const lookedAtAtOnce = 500;

/** Members that are older than that by the time of the server that has the set, behind so many others. */
const oldTombstones = redisScript(`
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now() - ARGV[2], 'LIMIT', ARGV[3], ARGV[4])
`);

export interface TombstoneOptions {
  readonly client: RedisClient;
  readonly documents: RedisDocuments;
  readonly mender: Mender;
}

export interface TombstoneLimits {
  readonly olderThanInMs: number;
  readonly limit: number;
}

interface Tombstone {
  readonly id: DocumentId;
  readonly member: string;
  readonly write: string;
}

/** Removes tombstones that are old enough if `mayGo` agrees to their marks. Resolves how many went. */
export async function removeTombstones(
  { client, documents, mender }: TombstoneOptions,
  held: HeldCopy,
  { olderThanInMs, limit }: TombstoneLimits,
  mayGo: (marks: Marks) => boolean,
): Promise<number> {
  const agreed: Tombstone[] = [];
  const stale: StaleEntry[] = [];
  for (let from = 0; agreed.length < limit; from += lookedAtAtOnce) {
    const asked = [olderThanInMs, from, lookedAtAtOnce];
    const members = (await client.run(oldTombstones, [held.keys.tombstones], asked)) as readonly string[];
    const values = await documents.values(members.map((member) => held.keys.document(tombstoneId(member))));
    members.forEach((member, at) => {
      const judged = judge(member, values[at] ?? null, mayGo);
      if (judged === 'stale') stale.push(staleEntry(member));
      else if (judged !== 'kept' && agreed.length < limit) agreed.push(judged);
    });
    if (members.length < lookedAtAtOnce) break;
  }
  const removed = await remove(client, held, agreed);
  await mender.mend(held, stale);
  return removed;
}

function judge(
  member: string,
  value: string | null,
  mayGo: (marks: Marks) => boolean,
): Tombstone | 'kept' | 'stale' {
  if (value === null) return 'stale';
  const { revision, marks } = readValue(value);
  const { write, entries } = readRevision(revision);
  // A document that was written again is in other sets.
  if (!entries.some(([, of]) => of === member)) return 'stale';
  return mayGo(marks) ? { id: tombstoneId(member), member, write } : 'kept';
}

function staleEntry(member: string): StaleEntry {
  const id = tombstoneId(member);
  return { id, entry: [tombstonePlace(id).set, member] };
}

/** Never one that was written since. */
async function remove(
  client: RedisClient,
  held: HeldCopy,
  tombstones: readonly Tombstone[],
): Promise<number> {
  const removing = tombstones.map(({ id, write }) =>
    client.scripted(removeScript, [held.keys.document(id)], [write]),
  );
  const replies = await client.sendAll(removing);
  const gone = tombstones.filter((_, at) => replies[at] === 1);
  const batch = new EntryBatch(held);
  for (const { id, member } of gone) batch.put(id, [[tombstonePlace(id).set, member]]);
  if (!batch.isEmpty) await client.sendAll(batch.removed());
  return gone.length;
}

import {
  type Clock,
  type Copy,
  type DocumentChange,
  type DocumentId,
  type StoredDocument,
  type WriteOutcome,
} from '@diptych/core';
import { Cluster } from 'ioredis';
import type { RedisClient, RedisCommand } from '../redis-client.js';
import { redisError } from '../redis-errors.js';
import { redisScript } from '../redis-script.js';
import type { ServerHistories } from '../server-histories.js';
import { tryWrites } from './conditional-writes.js';
import type { HeldCopy, RedisCopies } from './copies.js';
import { placesOf } from './index-members.js';
import { EntryBatch, tombstonePlace } from './sorted-sets.js';
import {
  type Entry,
  isAt,
  isEntryAt,
  newWriteId,
  type Revision,
  readRevision,
  readValue,
  revisionOf,
  revisionText,
  writeIdLength,
  writeIn,
  writtenValue,
} from './stored-value.js';

export interface RedisDocumentsOptions {
  readonly client: RedisClient;
  readonly copies: RedisCopies;
  readonly clock: Clock;
  /** Where servers are others than they were, entries may be lost. */
  readonly histories: Pick<ServerHistories, 'names'>;
}

/** Removes a document if the last write of it is still the expected one. */
export const removeScript = redisScript(`
if redis.call('GETRANGE', KEYS[1], 0, ${writeIdLength - 1}) ~= ARGV[2] then return 0 end
return redis.call('UNLINK', KEYS[1])
`);

/** Of a document that is not there. */
const noRevision = revisionOf('', '', []);

/** One change on its way. */
interface Writing {
  readonly change: DocumentChange;
  /** The write that must be the last one; empty for none. */
  readonly before: string;
  readonly after: Pick<Revision, 'write' | 'places'>;
  /** What has to be put into the sets first. */
  readonly fresh: readonly Entry[];
  /** Those among them that the document did not have before: nobody else's. */
  readonly own: readonly Entry[];
  /** What the document is not found by any more. */
  readonly left: readonly Entry[];
}

const none: readonly Entry[] = [];

/**
 * Documents of copies. A document and the sorted sets that it is found by lie on any servers, so they are written one
 * after the other: first what it will be found by, then the document, on its condition, then what it was found by is
 * taken away. Each write names its entries anew: what one write takes away is never what another has put there.
 */
export class RedisDocuments {
  readonly #options: RedisDocumentsOptions;
  readonly #tenants = new Set<string>();

  constructor(options: RedisDocumentsOptions) {
    this.#options = options;
  }

  /** The values of these keys, `null` for those that are not there. */
  async values(keys: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#valuesIn(await this.#options.client.sendAll(this.#reading(keys)));
  }

  /** @throws DiptychError `copy-unknown`, DocumentsLostError. */
  async load(copy: Copy, ids: readonly DocumentId[]): Promise<readonly (StoredDocument | undefined)[]> {
    const { client, copies } = this.#options;
    const held = await copies.require(copy);
    const reading = this.#reading(ids.map((id) => held.keys.document(id)));
    const [kept, ...replies] = await client.sendAll([copies.asking(copy), ...reading]);
    // Another one of that name has been made since: it is that one's documents that are asked for.
    if (copies.take(copy, kept) !== held) return this.load(copy, ids);
    return this.#valuesIn(replies).map((value, at) =>
      value === null ? undefined : storedDocument(ids[at]!, value),
    );
  }

  /** In a cluster each alone, for it lies in a slot of its own. */
  #reading(keys: readonly string[]): readonly RedisCommand[] {
    if (this.#isCluster) return keys.map((key) => ({ key, words: ['GET', key] }));
    return keys.length === 0 ? [] : [{ key: keys[0]!, words: ['MGET', ...keys] }];
  }

  #valuesIn(replies: readonly unknown[]): readonly (string | null)[] {
    return (this.#isCluster ? replies : (replies[0] ?? [])) as readonly (string | null)[];
  }

  get #isCluster(): boolean {
    return this.#options.client.native instanceof Cluster;
  }

  async write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    if (changes.length === 0) return [];
    const { client, copies } = this.#options;
    const held = await copies.require(copy);
    const histories = this.#options.histories.names;
    const writings = changes.map((change) => this.#prepared(held, histories, change));
    await this.#announce(held, writings);
    const writes = writings.map(({ change: { id, body, marks }, before, after }) => ({
      key: held.keys.document(id),
      expected: before,
      value: writtenValue(after, marks, body),
    }));
    const [replies, kept] = await Promise.all([tryWrites(client, writes), client.send(copies.asking(copy))]);
    await this.#tidy(held, writings, replies);
    // What was written to a copy that is gone is removed with it.
    copies.take(copy, kept);
    // Whether an unanswered write was made is for whoever reads the document again: its marks tell.
    for (const reply of replies) if (reply instanceof Error) throw redisError(reply);
    return replies.map((reply, at) =>
      reply === 1 ? { revision: revisionText(writings[at]!.after) } : 'conflict',
    );
  }

  /** Puts documents back into the sets that they say they are in. */
  async confirm(copy: Copy, documents: readonly StoredDocument[]): Promise<void> {
    const { client, copies } = this.#options;
    const held = await copies.require(copy);
    const batch = new EntryBatch(held);
    for (const { id, revision } of documents) batch.put(id, readRevision(revision).entries);
    await this.#announceTenants(held, new Set(documents.map(({ id }) => id.tenant)));
    await client.sendAll(batch.added(client));
  }

  #prepared(held: HeldCopy, histories: string, change: DocumentChange): Writing {
    const { id, body, expectedRevision } = change;
    const write = newWriteId(this.#options.clock.now());
    const places = body === null ? [tombstonePlace(id)] : placesOf(held.indexes, id, body);
    // Mostly a document is found where it was, and then that need not be written out again.
    if (expectedRevision !== undefined && histories !== '' && isAt(expectedRevision, histories, places)) {
      const after = { write, places: expectedRevision.slice(writeIdLength) };
      return { change, before: writeIn(expectedRevision), after, fresh: none, own: none, left: none };
    }
    const before = expectedRevision === undefined ? noRevision : readRevision(expectedRevision);
    const entries = places.map(
      (place) =>
        before.entries.find((entry) => isEntryAt(entry, place)) ?? ([place.set, place.stem + write] as const),
    );
    const own = entries.filter((entry) => !before.entries.includes(entry));
    // Where servers may have changed since, what it was found by may be lost, and is put there again.
    const isKnown = histories !== '' && histories === before.histories;
    const left = before.entries.filter((entry) => !entries.includes(entry));
    const after = revisionOf(write, histories, entries);
    return { change, before: before.write, after, fresh: isKnown ? own : entries, own, left };
  }

  async #announce(held: HeldCopy, writings: readonly Writing[]): Promise<void> {
    const { client } = this.#options;
    const batch = new EntryBatch(held);
    for (const { change, fresh } of writings) batch.put(change.id, fresh);
    await this.#announceTenants(held, new Set(writings.map(({ change }) => change.id.tenant)));
    if (!batch.isEmpty) await client.sendAll(batch.added(client));
  }

  /** Whoever drops the copy finds all of it from here. */
  async #announceTenants(held: HeldCopy, tenants: ReadonlySet<string>): Promise<void> {
    const { client, histories } = this.#options;
    const key = held.keys.tenants;
    const noteOf = (tenant: string) => `${key} ${histories.names} ${tenant}`;
    const unknown = [...tenants].filter((tenant) => !this.#tenants.has(noteOf(tenant)));
    if (unknown.length === 0) return;
    await client.send({ key, words: ['SADD', key, ...unknown.map((tenant) => JSON.stringify(tenant))] });
    for (const tenant of unknown) this.#tenants.add(noteOf(tenant));
  }

  /** Takes away what documents are not found by any more, and what was put there for writes that were not made. */
  async #tidy(held: HeldCopy, writings: readonly Writing[], replies: readonly unknown[]): Promise<void> {
    const batch = new EntryBatch(held);
    writings.forEach(({ change: { id }, own, left }, at) => {
      if (replies[at] === 1) batch.put(id, left);
      // Those that it had before stay.
      else if (replies[at] === 0) batch.put(id, own);
    });
    if (!batch.isEmpty) await this.#options.client.sendAll(batch.removed());
  }
}

function storedDocument(id: DocumentId, value: string): StoredDocument {
  const { revision, marks, body } = readValue(value);
  return { id, body, marks, revision };
}

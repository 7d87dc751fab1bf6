import { type Clock, type DocumentId, noMarks } from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import { type ConditionalWrite, tryWrites } from './conditional-writes.js';
import type { HeldCopy } from './copies.js';
import type { RedisDocuments } from './documents.js';
import { EntryBatch, tombstonePlace } from './sorted-sets.js';
import {
  type Entry,
  newWriteId,
  readRevision,
  readValue,
  revisionOf,
  timeOfWrite,
  writeOf,
  writtenValue,
} from './stored-value.js';

/** An entry of a document that does not say that it is there. */
export interface StaleEntry {
  readonly id: DocumentId;
  readonly entry: Entry;
}

/** So long an entry is left alone: as a rule the document that will say so is on its way. */
const leftAloneInMs = 60_000;

/** How many are taken away at a time. */
const mostAtOnce = 100;

export interface MenderOptions {
  readonly client: RedisClient;
  readonly documents: RedisDocuments;
  readonly clock: Clock;
}

/** Takes away entries that writers left behind who died, or whose connection did. */
export class Mender {
  readonly #options: MenderOptions;

  constructor(options: MenderOptions) {
    this.#options = options;
  }

  /** Never rejects: what is stale is passed over whether it is there or not, and whoever only reads may not write. */
  async mend(held: HeldCopy, stale: readonly StaleEntry[]): Promise<void> {
    const { clock } = this.#options;
    const old = stale.filter(({ entry }) => clock.now() - timeOfWrite(writeOf(entry[1])) >= leftAloneInMs);
    if (old.length === 0) return;
    await this.#takeAway(held, old.slice(0, mostAtOnce)).catch(() => undefined);
  }

  /**
   * A writer who put an entry there may still come to write its document. So the document is written first, as it is:
   * then that writer finds another revision than the one it read, and does not write.
   */
  async #takeAway(held: HeldCopy, stale: readonly StaleEntry[]): Promise<void> {
    const { client, documents } = this.#options;
    const byKey = new Map<string, StaleEntry[]>();
    for (const one of stale) {
      const key = held.keys.document(one.id);
      byKey.set(key, [...(byKey.get(key) ?? []), one]);
    }
    const keys = [...byKey.keys()];
    const values = await documents.values(keys);
    const touches = keys.flatMap((key, at) => this.#touch(key, byKey.get(key)!, values[at] ?? null));
    const announced = new EntryBatch(held);
    for (const touch of touches) announced.put(touch.id, touch.announced);
    await client.sendAll(announced.added(client));
    const replies = await tryWrites(client, touches);
    const gone = new EntryBatch(held);
    for (const [at, { id, stale }] of touches.entries()) if (replies[at] === 1) gone.put(id, stale);
    await client.sendAll(gone.removed());
  }

  /** The same document under another write; none when it says that all the entries are its own. */
  #touch(key: string, found: readonly StaleEntry[], value: string | null): readonly Touch[] {
    const write = newWriteId(this.#options.clock.now());
    const { id } = found[0]!;
    const all = found.map(({ entry }) => entry);
    if (value === null) {
      // There must be something that a writer does not expect. As a tombstone it goes in its time.
      const { set, stem } = tombstonePlace(id);
      const announced: readonly Entry[] = [[set, stem + write]];
      const revision = revisionOf(write, '', announced);
      return [{ key, id, stale: all, announced, expected: '', value: writtenValue(revision, noMarks, null) }];
    }
    const { revision, marks, body } = readValue(value);
    const { write: expected, places, entries } = readRevision(revision);
    const isOwn = ([set, member]: Entry) => entries.some(([of, own]) => of === set && own === member);
    const stale = all.filter((entry) => !isOwn(entry));
    const touched = writtenValue({ write, places }, marks, body);
    return stale.length === 0 ? [] : [{ key, id, stale, announced: [], expected, value: touched }];
  }
}

/** A document that is to be written as it is. */
interface Touch extends ConditionalWrite {
  readonly id: DocumentId;
  readonly stale: readonly Entry[];
  readonly announced: readonly Entry[];
}

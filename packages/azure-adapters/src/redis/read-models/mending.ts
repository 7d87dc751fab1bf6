import type { Clock, DocumentId } from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import type { HeldCopy } from './copies.js';
import { type RedisDocuments, writing } from './documents.js';
import { EntryBatch, tombstonePlace } from './sorted-sets.js';
import {
  type Entry,
  newWriteId,
  readRevision,
  readValue,
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
    const keys = stale.map(({ id }) => held.keys.document(id));
    const values = await documents.values(keys);
    const touched = stale.map(({ id, entry }, at) => this.#touched(id, entry, values[at] ?? null));
    const announced = new EntryBatch(held);
    for (const [at, { id }] of stale.entries()) announced.put(id, touched[at]?.announced ?? []);
    await client.sendAll(announced.added(client));
    const written = stale.flatMap((one, at) => {
      const touch = touched[at];
      return touch === undefined
        ? []
        : [{ one, command: writing(client, keys[at]!, touch.expected, touch.value) }];
    });
    const replies = await client.tryAll(written.map(({ command }) => command));
    const gone = new EntryBatch(held);
    for (const [at, { one }] of written.entries()) if (replies[at] === 1) gone.put(one.id, [one.entry]);
    await client.sendAll(gone.removed());
  }

  /** The same document under another write; `undefined` when it says that the entry is its own. */
  #touched(id: DocumentId, [set, stale]: Entry, value: string | null) {
    const write = newWriteId(this.#options.clock.now());
    if (value === null) {
      // There must be something that a writer does not expect. As a tombstone it goes in its time.
      const place = tombstonePlace(id);
      const announced: readonly Entry[] = [[place.set, place.stem + write]];
      const revision = { write, histories: '', entries: announced };
      return { announced, expected: '', value: writtenValue(revision, {}, null) };
    }
    const { revision, marks, body } = readValue(value);
    const { write: expected, histories, entries } = readRevision(revision);
    if (entries.some(([of, member]) => of === set && member === stale)) return undefined;
    return { announced: [], expected, value: writtenValue({ write, histories, entries }, marks, body) };
  }
}

import { type IndexEntry, indexEntryOf } from '../read-models/index-entry.js';
import type { ReadModelIndex } from '../read-models/read-model.js';
import { MemorySortedIds } from './memory-sorted-ids.js';

const nothing = new MemorySortedIds();

/** One declared index over the documents of one tenant, kept up to date by writes, so that no query looks at all. */
export class MemoryDocumentIndex {
  readonly #byKey = new Map<string, MemorySortedIds>();
  readonly #entryOf = new Map<string, IndexEntry>();
  readonly #index: ReadModelIndex;

  constructor(index: ReadModelIndex) {
    this.#index = index;
  }

  set(id: string, document: Readonly<Record<string, unknown>> | undefined): void {
    const before = this.#entryOf.get(id);
    for (const key of before?.keys ?? []) this.#remove(key, { sort: before!.sort, id });
    if (document === undefined) {
      this.#entryOf.delete(id);
      return;
    }
    const entry = indexEntryOf(this.#index, document);
    this.#entryOf.set(id, entry);
    for (const key of entry.keys) this.#of(key).add({ sort: entry.sort, id });
  }

  find(key: string): MemorySortedIds {
    return this.#byKey.get(key) ?? nothing;
  }

  #of(key: string): MemorySortedIds {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = new MemorySortedIds();
    this.#byKey.set(key, made);
    return made;
  }

  #remove(key: string, entry: { readonly sort: IndexEntry['sort']; readonly id: string }): void {
    const ids = this.#of(key);
    ids.remove(entry);
    if (ids.isEmpty) this.#byKey.delete(key);
  }
}

import type { StoredDocument } from '../read-models/document.js';

/** So many are kept, and about so many characters of them: for each copy that a process feeds. */
const [mostDocuments, mostCharacters] = [2_000, 2_000_000];

/** What a document takes beside its texts, by and large. */
const charactersBeside = 200;

/** So many times a document is loaded that somebody else has written, before it is remembered again. */
const loadsOfShared = 20;

/**
 * Documents as this process wrote them last. They need not be loaded for the next event: whether they are still so is
 * seen as they are written, for that is done on condition of their revision.
 */
export class RecentDocuments {
  /** By key, those first that were written the longest time ago; of shared ones how often they are still loaded. */
  readonly #known = new Map<string, StoredDocument | number>();
  #characters = 0;

  /** Forgets it: whoever asks writes it anew, and tells what became of it. */
  take(key: string): StoredDocument | undefined {
    const known = this.#known.get(key);
    if (known === undefined || typeof known === 'number') return undefined;
    this.#forget(key, known);
    return known;
  }

  /** It was written so. One that is shared is not kept yet. */
  keep(key: string, document: StoredDocument): void {
    const known = this.#known.get(key);
    if (typeof known === 'number' && known > 1) this.#known.set(key, known - 1);
    else this.#put(key, document);
  }

  /** Somebody else wrote it: what this process writes of it tells nothing, for a while. */
  noteShared(key: string): void {
    this.#put(key, loadsOfShared);
  }

  #put(key: string, known: StoredDocument | number): void {
    const before = this.#known.get(key);
    if (before !== undefined) this.#forget(key, before);
    this.#known.set(key, known);
    this.#characters += sizeOf(known);
    for (const [oldest, forgotten] of this.#known) {
      if (this.#known.size <= mostDocuments && this.#characters <= mostCharacters) break;
      this.#forget(oldest, forgotten);
    }
  }

  #forget(key: string, known: StoredDocument | number): void {
    this.#known.delete(key);
    this.#characters -= sizeOf(known);
  }
}

function sizeOf(known: StoredDocument | number): number {
  if (typeof known === 'number') return charactersBeside;
  const { body, marks, revision } = known;
  return charactersBeside + (body?.length ?? 0) + marks.length + revision.length;
}

import type { StoredDocument } from '../read-models/document.js';

/** So many are kept, and about so many characters of them: for each copy that a process feeds. */
const [mostDocuments, mostCharacters] = [2_000, 2_000_000];

/** What else than its body a document takes, by and large. */
const charactersBeside = 200;

/** Somebody else writes it too: what this process wrote last tells nothing. */
const shared = Symbol('shared');

/**
 * Documents as this process wrote them last. They need not be loaded for the next event: whether they are still so is
 * seen as they are written, for that is done on condition of their revision.
 */
export class RecentDocuments {
  /** By key, those first that were written the longest time ago. */
  readonly #known = new Map<string, StoredDocument | typeof shared>();
  #characters = 0;

  /** Forgets it: whoever asks writes it anew, and tells what became of it. */
  take(key: string): StoredDocument | undefined {
    const known = this.#known.get(key);
    if (known === undefined || known === shared) return undefined;
    this.#known.delete(key);
    this.#characters -= sizeOf(known);
    return known;
  }

  /** It was written so. */
  keep(key: string, document: StoredDocument): void {
    if (this.#known.has(key)) return;
    this.#put(key, document);
  }

  /** It was written by somebody else since: for a good while it is loaded each time. */
  isShared(key: string): void {
    this.#put(key, shared);
  }

  #put(key: string, known: StoredDocument | typeof shared): void {
    this.#known.set(key, known);
    this.#characters += sizeOf(known);
    for (const [oldest, forgotten] of this.#known) {
      if (this.#known.size <= mostDocuments && this.#characters <= mostCharacters) break;
      this.#known.delete(oldest);
      this.#characters -= sizeOf(forgotten);
    }
  }
}

function sizeOf(known: StoredDocument | typeof shared): number {
  return charactersBeside + (known === shared ? 0 : (known.body?.length ?? 0));
}

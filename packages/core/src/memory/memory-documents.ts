import type { DocumentChange, StoredDocument, WriteOutcome } from '../read-models/document.js';
import type { ReadModelDefinition } from '../read-models/read-model.js';
import { MemoryDocumentIndex } from './memory-document-index.js';
import { MemorySortedIds } from './memory-sorted-ids.js';

interface MemoryDocument extends StoredDocument {
  /** When it became a tombstone; `undefined` for a document. */
  readonly deletedAt: number | undefined;
}

/** Counted for all copies: none comes again, also where a copy is made anew under its old number. */
let lastRevision = 0;

/** The documents of one tenant in one copy of a read model, with their indexes. */
export class MemoryDocuments {
  readonly #documents = new Map<string, MemoryDocument>();
  readonly #indexes: ReadonlyMap<string, MemoryDocumentIndex>;
  readonly ids = new MemorySortedIds();

  constructor(definition: ReadModelDefinition) {
    this.#indexes = new Map(
      Object.entries(definition.indexes).map(([name, index]) => [name, new MemoryDocumentIndex(index)]),
    );
  }

  load(id: string): StoredDocument | undefined {
    return this.#documents.get(id);
  }

  /** The document's JSON text; `undefined` where there is none or only a tombstone. */
  bodyOf(id: string): string | undefined {
    return this.#documents.get(id)?.body ?? undefined;
  }

  index(name: string): MemoryDocumentIndex {
    return this.#indexes.get(name)!;
  }

  write({ id, body, marks, expectedRevision }: DocumentChange, now: number): WriteOutcome {
    const before = this.#documents.get(id.name);
    if (before?.revision !== expectedRevision) return 'conflict';
    const revision = String(++lastRevision);
    this.#documents.set(id.name, {
      id,
      body,
      marks,
      revision,
      deletedAt: body === null ? now : undefined,
    });
    this.#reindex(id.name, before?.body ?? null, body);
    return { revision };
  }

  *tombstones(deletedBefore: number): Iterable<StoredDocument> {
    for (const document of this.#documents.values()) {
      if (document.deletedAt !== undefined && document.deletedAt <= deletedBefore) yield document;
    }
  }

  remove(id: string): void {
    this.#documents.delete(id);
  }

  #reindex(id: string, before: string | null, after: string | null): void {
    if (before === null && after !== null) this.ids.add({ sort: null, id });
    if (before !== null && after === null) this.ids.remove({ sort: null, id });
    if (this.#indexes.size === 0) return;
    const document = after === null ? undefined : (JSON.parse(after) as Readonly<Record<string, unknown>>);
    for (const index of this.#indexes.values()) index.set(id, document);
  }
}

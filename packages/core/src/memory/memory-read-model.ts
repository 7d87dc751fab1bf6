import { DiptychError } from '../errors/diptych-error.js';
import { pageSizeOf, requireIndex } from '../read-models/declared-index.js';
import { compareSortValues, indexKeyOf } from '../read-models/index-entry.js';
import type {
  FieldValues,
  FindOptions,
  FoundPage,
  ReadModel,
  ReadModelDefinition,
} from '../read-models/read-model.js';
import type { Copy } from '../read-models/read-model-store.js';
import type { MemoryDocuments } from './memory-documents.js';
import type { MemorySortedIds, SortedId } from './memory-sorted-ids.js';

/** What `native()` gives: the documents themselves, each as a fresh copy. */
export interface MemoryReadModelHandle<Document = unknown> {
  readonly copy: Copy;
  readonly tenant: string;
  /** All documents with their ids, in the order of the ids. */
  documents(): ReadonlyMap<string, Document>;
}

export interface MemoryReadModelOptions {
  readonly definition: ReadModelDefinition;
  readonly copy: Copy;
  readonly tenant: string;
  /** Gives the documents as they are now: `undefined` when the tenant has none. */
  readonly documents: () => MemoryDocuments | undefined;
}

/** One tenant's documents in one copy, as query handlers see them. */
export class MemoryReadModel<Document> implements ReadModel<Document> {
  readonly #options: MemoryReadModelOptions;

  constructor(options: MemoryReadModelOptions) {
    this.#options = options;
  }

  async get(id: string): Promise<Document | undefined> {
    return this.#read(id);
  }

  async getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]> {
    return ids.map((id) => this.#read(id));
  }

  async find(name: string, values: FieldValues, options: FindOptions = {}): Promise<FoundPage<Document>> {
    const index = requireIndex(this.#options.definition, name, values);
    return this.#page(this.#options.documents()?.index(name).find(indexKeyOf(index, values)), options);
  }

  async all(options: FindOptions = {}): Promise<FoundPage<Document>> {
    return this.#page(this.#options.documents()?.ids, options);
  }

  native(): MemoryReadModelHandle<Document> {
    const { copy, tenant, documents } = this.#options;
    return {
      copy,
      tenant,
      documents: () => {
        const ids = documents()?.ids.page(undefined, false, Number.MAX_SAFE_INTEGER) ?? [];
        return new Map(ids.map(({ id }) => [id, this.#read(id)!]));
      },
    };
  }

  #page(ids: MemorySortedIds | undefined, options: FindOptions): FoundPage<Document> {
    const limit = pageSizeOf(options);
    const after = options.after === undefined ? undefined : placeOf(options.after);
    // One more than asked tells whether there is another page.
    const found = ids?.page(after, options.descending ?? false, limit + 1) ?? [];
    const shown = found.slice(0, limit);
    return {
      documents: shown.map(({ id }) => this.#read(id)!),
      next: found.length > limit ? textOf(shown.at(-1)!) : undefined,
    };
  }

  #read(id: string): Document | undefined {
    const body = this.#options.documents()?.bodyOf(id);
    return body === undefined ? undefined : (JSON.parse(body) as Document);
  }
}

function textOf({ sort, id }: SortedId): string {
  return encodeURIComponent(JSON.stringify([sort, id]));
}

function placeOf(text: string): SortedId {
  try {
    const [sort, id] = JSON.parse(decodeURIComponent(text)) as [SortedId['sort'], string];
    compareSortValues(sort, null);
    if (typeof id === 'string') return { sort, id };
  } catch {
    // Said below, as for a text of another shape.
  }
  // Callers hand it back to the program, so it is they who have it wrong.
  throw new DiptychError({ code: 'page-after', message: 'This is not the `next` of an earlier page.' });
}

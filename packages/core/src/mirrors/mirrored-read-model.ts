import type { FieldValues, FindOptions, FoundPage, ReadModel } from '../read-models/read-model.js';

/** What `native()` gives of a read model that is mirrored. */
export interface MirroredHandle {
  /** What the store that keeps the documents gives. */
  readonly primary: unknown;
  /** What the sink gives to ask it with. It shows what was written some time after `after` is fulfilled. */
  readonly mirror: unknown;
}

/** One tenant's documents, read where they are kept; the mirror answers what is asked of it by `native()`. */
export class MirroredReadModel<Document> implements ReadModel<Document> {
  readonly #primary: ReadModel<Document>;
  readonly #openMirror: () => unknown;

  constructor(primary: ReadModel<Document>, openMirror: () => unknown) {
    this.#primary = primary;
    this.#openMirror = openMirror;
  }

  get(id: string): Promise<Document | undefined> {
    return this.#primary.get(id);
  }

  getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]> {
    return this.#primary.getMany(ids);
  }

  find(index: string, values: FieldValues, options?: FindOptions): Promise<FoundPage<Document>> {
    return this.#primary.find(index, values, options);
  }

  all(options?: FindOptions): Promise<FoundPage<Document>> {
    return this.#primary.all(options);
  }

  native(): MirroredHandle {
    return { primary: this.#primary.native(), mirror: this.#openMirror() };
  }
}

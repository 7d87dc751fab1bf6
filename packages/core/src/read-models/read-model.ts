/** A declared way to find documents: by the equality of some fields, in the order of another. */
export interface ReadModelIndex {
  /** The fields compared. A field with an array of values finds the document under each of them. */
  readonly by: readonly string[];
  /** The field that orders what is found; its values are texts or numbers. Default: the document's id. */
  readonly sort?: string;
}

export interface ReadModelDefinition {
  readonly model: string;
  readonly version: number;
  readonly indexes: Readonly<Record<string, ReadModelIndex>>;
}

export interface FindOptions {
  /** Default: ascending. */
  readonly descending?: boolean | undefined;
  /** How many at most. Default 100, at most 1,000. */
  readonly limit?: number | undefined;
  /** Where an earlier page ended: its `next`. Anything else is refused with `page-after`, a fault of the caller. */
  readonly after?: string | undefined;
}

export interface FoundPage<Document> {
  readonly documents: readonly Document[];
  /** For the next page; `undefined` when there is none. */
  readonly next: string | undefined;
}

/** The values of some of a document's fields, compared by equality. */
export type FieldValues = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A read model as a query handler sees it: what every store can do. For a store's own language there is
 * `native()`, which ties the handler to that store.
 */
export interface ReadModel<Document> {
  get(id: string): Promise<Document | undefined>;
  /** In the order asked. */
  getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]>;
  /**
   * Documents whose fields have these values, by a declared index.
   * @throws ProgrammingError `index-unknown`, `index-fields` when the index or its fields were not declared so.
   */
  find(index: string, values: FieldValues, options?: FindOptions): Promise<FoundPage<Document>>;
  /** All documents, in the order of their ids, in pages: for read models that are small. */
  all(options?: FindOptions): Promise<FoundPage<Document>>;
  /** The store's own client and the place of this copy in it. */
  native(): unknown;
}

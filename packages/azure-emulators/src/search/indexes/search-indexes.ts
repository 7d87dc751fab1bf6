import { randomUUID } from 'node:crypto';
import { DocumentStore, type DocumentStoreOptions } from '../documents/document-store.js';
import type { JsonObject } from '../json.js';
import { invalidBody, nameInUse, notFound, preconditionFailed } from '../search-error.js';
import { requireAllowed } from './index-changes.js';
import { type IndexDefinition, readIndexDefinition } from './index-definition.js';

export interface SearchIndex {
  readonly definition: IndexDefinition;
  readonly store: DocumentStore;
  readonly etag: string;
}

/** On which state of an index something is to be done. */
export interface IndexConditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** The indexes of the service. */
export class SearchIndexes {
  private readonly byName = new Map<string, SearchIndex>();

  constructor(private readonly options: DocumentStoreOptions) {}

  list(): readonly SearchIndex[] {
    return [...this.byName.values()];
  }

  /** Throws where there is none of that name. */
  named(name: string): SearchIndex {
    const index = this.byName.get(name);
    if (index === undefined) throw notFound(`No index with the name '${name}' was found in the service.`);
    return index;
  }

  create(body: unknown): SearchIndex {
    const definition = readIndexDefinition(body);
    if (this.byName.has(definition.name)) {
      throw nameInUse(`Cannot create index '${definition.name}' because it already exists.`);
    }
    return this.keep(definition, new DocumentStore(definition.schema, this.options));
  }

  put(name: string, body: unknown, conditions: IndexConditions): { index: SearchIndex; isNew: boolean } {
    const before = this.byName.get(name);
    requireConditions(before, conditions);
    const definition = readIndexDefinition(body);
    if (definition.name !== name)
      throw invalidBody('index : The name in the body is another than in the path.');
    if (before === undefined) {
      return {
        index: this.keep(definition, new DocumentStore(definition.schema, this.options)),
        isNew: true,
      };
    }
    requireAllowed(before.definition.schema, definition.schema);
    before.store.reindex(definition.schema);
    return { index: this.keep(definition, before.store), isNew: false };
  }

  delete(name: string, conditions: IndexConditions): void {
    requireConditions(this.byName.get(name), conditions);
    this.named(name);
    this.byName.delete(name);
  }

  private keep(definition: IndexDefinition, store: DocumentStore): SearchIndex {
    const index = {
      definition,
      store,
      etag: `"0x${randomUUID().replaceAll('-', '').slice(0, 15).toUpperCase()}"`,
    };
    this.byName.set(definition.name, index);
    return index;
  }
}

export const shownIndex = ({ definition, etag }: SearchIndex): JsonObject => ({
  '@odata.etag': etag,
  ...definition.shown,
});

function requireConditions(index: SearchIndex | undefined, { ifMatch, ifNoneMatch }: IndexConditions): void {
  const names = (condition: string) => index !== undefined && (condition === '*' || condition === index.etag);
  if (ifMatch !== undefined && !names(ifMatch)) throw preconditionFailed();
  if (ifNoneMatch !== undefined && names(ifNoneMatch)) throw preconditionFailed();
}

import { type MirroredHandle, ProgrammingError, type ReadModel } from '@diptych/core';
import type { IndexDocument } from './index-entries.js';
import { entryFields } from './index-entries.js';
import { askIndex, type RawAnswer, type RawQuestion } from './raw-search.js';
import type { SearchClients } from './search-clients.js';
import type { SearchDeclaration } from './search-declaration.js';
import { SearchFilter, searchFilter } from './search-filter.js';

export interface IndexHandleOptions {
  readonly clients: SearchClients;
  readonly index: string;
  readonly tenant: string;
  readonly declaration: SearchDeclaration;
}

/** A question about one tenant's documents. */
export type TenantQuestion = Omit<RawQuestion, 'filter'> & { readonly filter?: SearchFilter | undefined };

/** What `native()` of a mirrored read model gives as its `mirror`: one tenant's part of one copy's index. */
export class IndexHandle {
  /** The name of the index in the service. */
  readonly index: string;
  readonly tenant: string;
  readonly declaration: SearchDeclaration;
  readonly #clients: SearchClients;

  constructor({ clients, index, tenant, declaration }: IndexHandleOptions) {
    this.#clients = clients;
    this.index = index;
    this.tenant = tenant;
    this.declaration = declaration;
  }

  /** @throws DiptychError `search-refused`; UnavailableError; ProgrammingError `search-filter`. */
  ask(text: string, { filter, ...question }: TenantQuestion): Promise<RawAnswer> {
    if (filter !== undefined && !(filter instanceof SearchFilter)) {
      throw new ProgrammingError('search-filter', 'A filter is made by searchFilter`…`, not by a text.');
    }
    const client = this.#clients.reading(this.index);
    return askIndex(client, text, { ...question, filter: this.#ofTenant(filter) }, this.#clients.limits);
  }

  // Brackets of the program's own filter are known to close, so nothing in it reaches beyond its own.
  #ofTenant(filter: SearchFilter | undefined): string {
    const { tenant, isDeleted } = entryFields;
    const own = `${tenant} eq ${searchFilter`${this.tenant}`.text} and ${isDeleted} eq false`;
    return filter === undefined ? own : `${own} and (${filter.text})`;
  }
}

/** @throws ProgrammingError `search-not-mirrored` for a read model whose store mirrors nothing into AI Search. */
export function requireIndexHandle(model: ReadModel<unknown>, name: string): IndexHandle {
  const { mirror } = (model.native() ?? {}) as Partial<MirroredHandle>;
  if (mirror instanceof IndexHandle && mirror.declaration.model === name) return mirror;
  throw new ProgrammingError(
    'search-not-mirrored',
    `Read model '${name}' is not mirrored into AI Search: give the app \`readModels: { '${name}': mirroredStore(…, searchSink(…)) }\`.`,
    { model: name },
  );
}

/** The part of an entry that is of its document: the declared fields that were asked for. */
export function declaredPart(document: IndexDocument, fields: readonly string[]): IndexDocument {
  return Object.fromEntries(fields.map((field) => [field, document[field]]));
}

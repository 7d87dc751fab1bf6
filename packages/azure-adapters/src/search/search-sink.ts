import type { SearchIndex } from '@azure/search-documents';
import {
  type Copy,
  type DocumentId,
  type DocumentSink,
  type MirrorChange,
  type MirrorEntriesPage,
  type MirrorEntriesQuery,
  type MirrorOutcome,
  ProgrammingError,
  type ReadModelDefinition,
  UnavailableError,
} from '@diptych/core';
import { hasKey, keyOf } from './document-keys.js';
import { entriesOf } from './entry-pages.js';
import { refusalOfValue } from './field-values.js';
import { sendBatches } from './index-batches.js';
import { entryFields, uploadedEntry } from './index-entries.js';
import { IndexHandle } from './index-handle.js';
import { indexNameOf, indexNamesOf, requirePrefix } from './index-names.js';
import { differencesIn, schemaOf } from './index-schema.js';
import { SearchClients } from './search-clients.js';
import type { SearchDeclaration } from './search-declaration.js';
import { indexDiffers, indexMissing, searchError, statusOf } from './search-errors.js';
import type { SearchSinkOptions } from './search-options.js';

/**
 * Mirrors documents into indexes of Azure AI Search: one for each copy of a read model. Nothing has to be closed.
 * @throws ProgrammingError `option-invalid`.
 */
export function searchSink(options: SearchSinkOptions): DocumentSink {
  return new SearchSink(options);
}

class SearchSink implements DocumentSink {
  readonly #declarations: ReadonlyMap<string, SearchDeclaration>;
  readonly #clients: SearchClients;
  readonly #prefix: string;
  /** The indexes that were looked at and are as they are declared. */
  readonly #fitting = new Map<string, Promise<void>>();

  constructor({ indexes, prefix = 'diptych', timeoutInMs = 10_000, ...connection }: SearchSinkOptions) {
    this.#declarations = new Map(indexes.map((declaration) => [declaration.model, declaration]));
    this.#clients = new SearchClients(connection, timeoutInMs);
    this.#prefix = requirePrefix(prefix);
  }

  async create({ model }: ReadModelDefinition, copy: Copy): Promise<void> {
    const [name, { fields }] = [this.#nameOf(copy), this.#declarationOf(model)];
    if ((await this.#present(name)) === undefined) {
      await this.#clients.indexes
        .createIndex(schemaOf(name, fields), this.#clients.limits)
        .catch((error: unknown) => {
          // Another process was first.
          if (statusOf(error) !== 409) throw searchError(error, `make index '${name}'`);
        });
    }
    await this.#requireFitting(copy);
  }

  async drop(copy: Copy): Promise<void> {
    const name = this.#nameOf(copy);
    await this.#clients.indexes.deleteIndex(name, this.#clients.limits).catch((error: unknown) => {
      if (statusOf(error) !== 404) throw searchError(error, `delete index '${name}'`);
    });
    this.#clients.forget(name);
    this.#fitting.delete(name);
  }

  refusalOf({ model }: Copy, body: string): string | undefined {
    const document = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const { fields } = this.#declarationOf(model);
    for (const [name, field] of Object.entries(fields)) {
      const refusal = refusalOfValue(name, field, document[name]);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  async mirror(copy: Copy, changes: readonly MirrorChange[]): Promise<readonly MirrorOutcome[]> {
    if (changes.length === 0) return [];
    await this.#requireFitting(copy);
    const { fields } = this.#declarationOf(copy.model);
    const able = changes.filter(({ id }) => hasKey(id));
    const entries = able.map((change) => uploadedEntry(fields, change));
    const { limits } = this.#clients;
    const sent = await sendBatches(this.#clients.writing(this.#nameOf(copy)), 'upload', entries, limits);
    const outcomes = new Map(able.map((change, index) => [change, sent[index]!]));
    return changes.map((change) => outcomes.get(change) ?? withoutKey);
  }

  async remove(copy: Copy, ids: readonly DocumentId[]): Promise<void> {
    const keys = ids.filter(hasKey).map((id) => ({ [entryFields.key]: keyOf(id) }));
    const client = this.#clients.writing(this.#nameOf(copy));
    const outcomes = await sendBatches(client, 'delete', keys, this.#clients.limits);
    const failed = outcomes.find(({ kind }) => kind !== 'mirrored');
    if (failed !== undefined && failed.kind !== 'mirrored')
      throw new UnavailableError(`AI Search could not remove entries: ${failed.reason}`);
  }

  entries(copy: Copy, query: MirrorEntriesQuery): Promise<MirrorEntriesPage> {
    return entriesOf(this.#clients.reading(this.#nameOf(copy)), query, this.#clients.limits);
  }

  open({ model }: ReadModelDefinition, copy: Copy, tenant: string): IndexHandle {
    const declaration = this.#declarationOf(model);
    return new IndexHandle({ clients: this.#clients, index: this.#nameOf(copy), tenant, declaration });
  }

  async audit({ model, version }: ReadModelDefinition): Promise<readonly string[]> {
    const declaration = this.#declarations.get(model);
    if (declaration === undefined) return [`Read model '${model}' has no index: name it in \`indexes\`.`];
    const faults: string[] = [];
    for (const index of await this.#indexesOf(model, version)) {
      const differences = differencesIn(index, declaration.fields);
      if (differences.length > 0) faults.push(indexDiffers(index.name, differences).message);
    }
    return faults;
  }

  /** None where the service cannot be reached: the first use looks again. */
  async #indexesOf(model: string, version: number): Promise<readonly SearchIndex[]> {
    const start = indexNamesOf(this.#prefix, { model, version });
    const found: SearchIndex[] = [];
    try {
      for await (const index of this.#clients.indexes.listIndexes(this.#clients.limits)) {
        const isOfVersion = index.name.startsWith(start) && /^\d+$/.test(index.name.slice(start.length));
        if (isOfVersion) found.push(index);
      }
    } catch {
      return [];
    }
    return found;
  }

  #requireFitting(copy: Copy): Promise<void> {
    const name = this.#nameOf(copy);
    const known = this.#fitting.get(name);
    if (known !== undefined) return known;
    const looking = this.#look(name, copy.model);
    this.#fitting.set(name, looking);
    looking.catch(() => this.#fitting.delete(name));
    return looking;
  }

  async #look(name: string, model: string): Promise<void> {
    const index = await this.#present(name);
    if (index === undefined) throw indexMissing(name);
    const differences = differencesIn(index, this.#declarationOf(model).fields);
    if (differences.length > 0) throw indexDiffers(name, differences);
  }

  async #present(name: string): Promise<SearchIndex | undefined> {
    try {
      return await this.#clients.indexes.getIndex(name, this.#clients.limits);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw searchError(error, `look at index '${name}'`);
    }
  }

  #nameOf(copy: Copy): string {
    return indexNameOf(this.#prefix, copy);
  }

  #declarationOf(model: string): SearchDeclaration {
    const declaration = this.#declarations.get(model);
    if (declaration !== undefined) return declaration;
    throw new ProgrammingError(
      'search-not-mirrored',
      `Read model '${model}' has no index: name it in \`indexes\`.`,
      {
        model,
      },
    );
  }
}

const withoutKey: MirrorOutcome = { kind: 'refused', reason: 'its id has half a character in it' };

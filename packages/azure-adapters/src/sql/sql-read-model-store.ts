import {
  type Copy,
  type CopyInfo,
  type CopySwitchOptions,
  type DocumentChange,
  type DocumentId,
  DocumentTooLargeError,
  isDiptychError,
  type Marks,
  type ReadModel,
  type ReadModelDefinition,
  type ReadModelStore,
  type ReadModelStoreCapabilities,
  type RequiredFreshness,
  type StoredDocument,
  type WriteOutcome,
} from '@diptych/core';
import { type HeldCopy, SqlCopies } from './copies.js';
import { SqlDocuments, type Tombstone } from './documents.js';
import type { SqlReplica } from './replica.js';
import type { SqlClient } from './sql-client.js';
import { SqlReadModel } from './sql-read-model.js';
import type { SqlTables } from './sql-tables.js';

export interface SqlReadModelStoreOptions {
  readonly client: SqlClient;
  readonly tables: SqlTables;
  readonly maxDocumentBytes: number | undefined;
  /** Where queries are answered from as long as it is as far as they must be. */
  readonly replica: SqlReplica | undefined;
}

/** So many documents of a dropped copy go in one statement: a lock on more would become one on the whole table. */
const removedAtOnce = 1_000;

const utf8 = new TextEncoder();

/** Read models as documents in a SQL Server database. */
export class SqlReadModelStore implements ReadModelStore {
  readonly capabilities: ReadModelStoreCapabilities;
  readonly #options: SqlReadModelStoreOptions;
  readonly #copies: SqlCopies;
  readonly #documents: SqlDocuments;

  constructor(options: SqlReadModelStoreOptions) {
    const { client, tables, maxDocumentBytes } = options;
    this.capabilities = { maxDocumentBytes };
    this.#options = options;
    this.#copies = new SqlCopies(client, tables);
    this.#documents = new SqlDocuments(client, tables);
  }

  create(definition: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    return this.#copies.create(definition, copy);
  }

  async drop(copy: Copy): Promise<void> {
    await this.#copies.drop(copy);
    while (await this.#documents.removeDropped(removedAtOnce));
  }

  list(model: string): Promise<readonly CopyInfo[]> {
    return this.#copies.list(model);
  }

  abandon(copy: Copy): Promise<'abandoned' | 'conflict'> {
    return this.#copies.abandon(copy);
  }

  switch(
    from: Copy | undefined,
    to: Copy,
    options: CopySwitchOptions = {},
  ): Promise<'switched' | 'conflict'> {
    return this.#copies.switch(from, to, options);
  }

  async load(copy: Copy, ids: readonly DocumentId[]): Promise<readonly (StoredDocument | undefined)[]> {
    return this.#withCopy(copy, (held) => this.#documents.load(copy, held, ids));
  }

  async write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    for (const change of changes) this.#assertSize(copy, change);
    return this.#withCopy(copy, (held) => this.#documents.write(copy, held, changes));
  }

  async removeTombstones(
    copy: Copy,
    olderThanInMs: number,
    limit: number,
    mayGo: (marks: Marks) => boolean,
  ): Promise<number> {
    const held = await this.#copies.require(copy);
    const agreed: Tombstone[] = [];
    for await (const tombstone of this.#documents.tombstones(held, olderThanInMs)) {
      if (agreed.length === limit) break;
      if (mayGo(tombstone.marks)) agreed.push(tombstone);
    }
    let removed = 0;
    for (const tombstone of agreed) if (await this.#documents.removeTombstone(held, tombstone)) removed++;
    return removed;
  }

  open<Document>(
    definition: ReadModelDefinition,
    copy: Copy,
    tenant: string,
    atLeast?: RequiredFreshness,
  ): ReadModel<Document> {
    const { client, tables, replica } = this.#options;
    const of = { definition, copy, tenant, atLeast };
    return new SqlReadModel<Document>({ ...of, client, tables, replica, copies: this.#copies });
  }

  /** A copy that was known may be gone, and another one be in its place: it is looked for once more. */
  async #withCopy<T>(copy: Copy, work: (held: HeldCopy) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#copies.require(copy));
    } catch (error) {
      if (!isDiptychError(error, 'copy-unknown')) throw error;
      this.#copies.forget(copy);
      return work(await this.#copies.require(copy));
    }
  }

  #assertSize(copy: Copy, { id, body }: DocumentChange): void {
    const { maxDocumentBytes } = this.capabilities;
    if (maxDocumentBytes === undefined || body === null) return;
    const bytes = utf8.encode(body).length;
    if (bytes > maxDocumentBytes) throw new DocumentTooLargeError(copy.model, id, bytes, maxDocumentBytes);
  }
}

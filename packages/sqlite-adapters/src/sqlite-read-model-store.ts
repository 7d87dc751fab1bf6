import {
  type Clock,
  type Copy,
  type CopyInfo,
  type CopySwitchOptions,
  type DocumentChange,
  type DocumentId,
  DocumentTooLargeError,
  type Marks,
  type ReadModel,
  type ReadModelDefinition,
  type ReadModelStore,
  type ReadModelStoreCapabilities,
  type StoredDocument,
  type WriteOutcome,
} from '@diptych/core';
import {
  abandonCopy,
  addCopy,
  copiesOf,
  dropCopy,
  findCopy,
  requireCopy,
  switchCopies,
} from './sqlite-copies.js';
import {
  loadDocuments,
  removeDropped,
  removeTombstone,
  type Tombstone,
  tombstones,
  writeDocument,
} from './sqlite-documents.js';
import { SqliteReadModel } from './sqlite-read-model.js';
import type { SqliteReading } from './sqlite-reading.js';
import type { SqliteWriter } from './sqlite-writer.js';

export interface SqliteReadModelStoreOptions {
  readonly writer: SqliteWriter;
  readonly reading: SqliteReading;
  readonly clock: Clock;
  readonly maxDocumentBytes: number | undefined;
}

/** So many documents of a dropped copy go in one transaction: others get their turn between. */
const removedAtOnce = 1_000;

const utf8 = new TextEncoder();

/** Read models as documents in a SQLite file. */
export class SqliteReadModelStore implements ReadModelStore {
  readonly capabilities: ReadModelStoreCapabilities;
  readonly #writer: SqliteWriter;
  readonly #reading: SqliteReading;
  readonly #clock: Clock;

  constructor({ writer, reading, clock, maxDocumentBytes }: SqliteReadModelStoreOptions) {
    this.capabilities = { maxDocumentBytes };
    this.#writer = writer;
    this.#reading = reading;
    this.#clock = clock;
  }

  async create(definition: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    const known = await this.#reading.read((connection) => findCopy(connection, copy, this.#clock.now()));
    if (known !== undefined) return known;
    return this.#writer.run((connection) => addCopy(connection, definition, copy, this.#clock.now()));
  }

  async drop(copy: Copy): Promise<void> {
    await this.#writer.run((connection) => dropCopy(connection, copy));
    const removeSome = () =>
      this.#writer.run((connection) => removeDropped(connection, removedAtOnce), 'remade');
    while ((await removeSome()) > 0) await othersTurn();
  }

  list(model: string): Promise<readonly CopyInfo[]> {
    return this.#reading.read((connection) => copiesOf(connection, model, this.#clock.now()));
  }

  abandon(copy: Copy): Promise<'abandoned' | 'conflict'> {
    return this.#writer.run((connection) => abandonCopy(connection, copy, this.#clock.now()));
  }

  switch(
    from: Copy | undefined,
    to: Copy,
    options: CopySwitchOptions = {},
  ): Promise<'switched' | 'conflict'> {
    return this.#writer.run((connection) =>
      switchCopies(connection, from, to, { ...options, now: this.#clock.now() }),
    );
  }

  load(copy: Copy, ids: readonly DocumentId[]): Promise<readonly (StoredDocument | undefined)[]> {
    return this.#reading.readWritten((connection) =>
      loadDocuments(connection, requireCopy(connection, copy), ids),
    );
  }

  async write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    for (const change of changes) this.#assertSize(copy, change);
    return this.#writer.run((connection) => {
      const held = requireCopy(connection, copy);
      return changes.map((change) => writeDocument(connection, held, change, this.#clock.now()));
    }, 'remade');
  }

  async removeTombstones(
    copy: Copy,
    olderThanInMs: number,
    limit: number,
    mayGo: (marks: Marks) => boolean,
  ): Promise<number> {
    const found = await this.#reading.read((connection) => {
      const deletedBefore = this.#clock.now() - olderThanInMs;
      const agreed: Tombstone[] = [];
      for (const tombstone of tombstones(connection, requireCopy(connection, copy), deletedBefore)) {
        if (agreed.length === limit) break;
        if (mayGo(tombstone.marks)) agreed.push(tombstone);
      }
      return agreed;
    });
    if (found.length === 0) return 0;
    return this.#writer.run(
      (connection) => found.filter((tombstone) => removeTombstone(connection, tombstone)).length,
      'remade',
    );
  }

  open<Document>(definition: ReadModelDefinition, copy: Copy, tenant: string): ReadModel<Document> {
    return new SqliteReadModel<Document>({ definition, copy, tenant, reading: this.#reading });
  }

  #assertSize(copy: Copy, { id, body }: DocumentChange): void {
    const { maxDocumentBytes } = this.capabilities;
    if (maxDocumentBytes === undefined || body === null) return;
    const bytes = utf8.encode(body).length;
    if (bytes > maxDocumentBytes) throw new DocumentTooLargeError(copy.model, id, bytes, maxDocumentBytes);
  }
}

/** Lets input, output and timers of the process run: a chain of promises alone would keep them waiting. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

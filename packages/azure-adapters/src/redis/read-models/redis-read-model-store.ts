import {
  type Checkpoint,
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
  type RequiredFreshness,
  type StoredDocument,
  type WriteOutcome,
} from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import type { ServerHistories } from '../server-histories.js';
import { type HeldCopy, RedisCopies } from './copies.js';
import { RedisDocuments } from './documents.js';
import { DroppedCopies } from './dropped-copies.js';
import { Mender } from './mending.js';
import { RedisReadModel, type RedisReadModelParts } from './redis-read-model.js';
import { removeTombstones } from './tombstones.js';
import { Wholeness } from './wholeness.js';

export interface RedisReadModelStoreOptions {
  readonly client: RedisClient;
  readonly prefix: string;
  readonly clock: Clock;
  readonly histories: ServerHistories;
  readonly maxDocumentBytes: number | undefined;
  readonly waitForReplicas: { readonly count: number; readonly timeoutInMs: number } | undefined;
}

/** Half of what a subscription reads at once: the server works on one half while the other is folded. */
const documentsAtOnce = 250;

/** Read models as documents in Redis. */
export class RedisReadModelStore implements ReadModelStore {
  readonly capabilities: ReadModelStoreCapabilities;
  readonly #copies: RedisCopies;
  readonly #documents: RedisDocuments;
  readonly #dropped: DroppedCopies;
  readonly #wholeness: Wholeness;
  /** One object for all that are opened: each query opens one. */
  readonly #parts: RedisReadModelParts;

  constructor(options: RedisReadModelStoreOptions) {
    const { client, prefix, clock, histories, maxDocumentBytes, waitForReplicas } = options;
    this.capabilities = { maxDocumentBytes, documentsAtOnce };
    this.#copies = new RedisCopies(client, prefix);
    this.#dropped = new DroppedCopies(client, prefix);
    const copies = this.#copies;
    const documents = new RedisDocuments({ client, copies, clock, histories });
    this.#documents = documents;
    this.#parts = { client, copies, documents, mender: new Mender({ client, documents, clock }) };
    this.#wholeness = new Wholeness({ client, copies, histories, waitForReplicas });
  }

  create(definition: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    return this.#copies.create(definition, copy);
  }

  async drop(copy: Copy): Promise<void> {
    await this.#copies.drop(copy);
    await this.#dropped.removeAll(copy.model);
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

  async load(
    copy: Copy,
    ids: readonly DocumentId[],
    behind: readonly Checkpoint[] = [],
  ): Promise<readonly (StoredDocument | undefined)[]> {
    const loaded = await this.#documents.load(copy, ids);
    // In this order: servers that are the same afterwards were the same when they gave the documents.
    await this.#wholeness.assertUnchanged(copy, behind);
    return loaded;
  }

  async write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    for (const change of changes) this.#assertSize(copy, change);
    return this.#documents.write(copy, changes);
  }

  confirm(copy: Copy, documents: readonly StoredDocument[]): Promise<void> {
    return this.#documents.confirm(copy, documents);
  }

  evidenceOf(copy: Copy, previous: Checkpoint | undefined, reached: Checkpoint): Promise<string> {
    return this.#wholeness.evidenceOf(copy, previous, reached);
  }

  lastWhole(copy: Copy, checkpoint: Checkpoint): Promise<Checkpoint | undefined> {
    return this.#wholeness.lastWhole(copy, checkpoint);
  }

  async removeTombstones(
    copy: Copy,
    olderThanInMs: number,
    limit: number,
    mayGo: (marks: Marks) => boolean,
  ): Promise<number> {
    const held = await this.#copies.require(copy);
    return removeTombstones(this.#parts, held, { olderThanInMs, limit }, mayGo);
  }

  open<Document>(
    definition: ReadModelDefinition,
    copy: Copy,
    tenant: string,
    atLeast?: RequiredFreshness,
  ): ReadModel<Document> {
    const needsEvidence = atLeast !== undefined && atLeast.evidence.length > 0;
    const assertFresh = needsEvidence
      ? (held: HeldCopy) => this.#wholeness.assertFresh(copy, held, atLeast)
      : undefined;
    return new RedisReadModel<Document>({ definition, copy, tenant, parts: this.#parts, assertFresh });
  }

  #assertSize(copy: Copy, { id, body }: DocumentChange): void {
    const { maxDocumentBytes } = this.capabilities;
    // In UTF-8 a code unit takes at most three bytes: most documents need not be measured.
    if (maxDocumentBytes === undefined || body === null || body.length * 3 <= maxDocumentBytes) return;
    const bytes = Buffer.byteLength(body);
    if (bytes > maxDocumentBytes) throw new DocumentTooLargeError(copy.model, id, bytes, maxDocumentBytes);
  }
}

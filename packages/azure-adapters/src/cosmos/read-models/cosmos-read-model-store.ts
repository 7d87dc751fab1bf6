import type { Container } from '@azure/cosmos';
import type {
  Checkpoint,
  Clock,
  Copy,
  CopyInfo,
  CopySwitchOptions,
  DiptychError,
  DocumentChange,
  DocumentId,
  Marks,
  ReadModel,
  ReadModelDefinition,
  ReadModelStore,
  ReadModelStoreCapabilities,
  RequiredFreshness,
  StoredDocument,
  WriteOutcome,
} from '@diptych/core';
import { BulkRequests } from './bulk-requests.js';
import { clientSession } from './client-session.js';
import { CosmosCopies } from './copies.js';
import { CopiesSpace } from './copies-space.js';
import { CosmosReadModel } from './cosmos-read-model.js';
import { refusalOf } from './document-size.js';
import { CosmosDocuments } from './documents.js';
import { DroppedCopies } from './dropped-copies.js';
import { HeldCopies } from './held-copies.js';
import type { PartitionBy } from './placement.js';
import { CosmosReading } from './reading.js';
import { ServiceTime } from './service-time.js';
import { removeTombstones } from './tombstones.js';
import { Wholeness } from './wholeness.js';

export interface CosmosReadModelStoreOptions {
  readonly container: Container;
  /** The program's clock. Ages are by the service's. */
  readonly clock: Clock;
  readonly maxDocumentBytes: number;
  /** How new copies of a model are partitioned. */
  readonly partitionBy: (model: string) => PartitionBy;
}

/** Read models as items of a container of Cosmos DB. */
export class CosmosReadModelStore implements ReadModelStore {
  readonly capabilities: ReadModelStoreCapabilities;
  readonly #container: Container;
  readonly #bulk: BulkRequests;
  readonly #time: ServiceTime;
  readonly #copies: CosmosCopies;
  readonly #held: HeldCopies;
  readonly #documents: CosmosDocuments;
  readonly #dropped: DroppedCopies;
  readonly #reading: CosmosReading;
  readonly #wholeness: Wholeness;

  /** @throws DiptychError `cosmos-sdk` */
  constructor({ container, clock, maxDocumentBytes, partitionBy }: CosmosReadModelStoreOptions) {
    this.capabilities = { maxDocumentBytes };
    const session = clientSession(container);
    const space = new CopiesSpace(container);
    const bulk = new BulkRequests(container, clock);
    const time = new ServiceTime(container, clock);
    const copies = new CosmosCopies({ space, time, partitionBy });
    const held = new HeldCopies(space, clock);
    const reading = new CosmosReading(container, session);
    this.#container = container;
    this.#bulk = bulk;
    this.#time = time;
    this.#copies = copies;
    this.#held = held;
    this.#reading = reading;
    this.#documents = new CosmosDocuments({ bulk, held, time, maxDocumentBytes });
    this.#dropped = new DroppedCopies({ container, bulk, space, copies, time });
    this.#wholeness = new Wholeness({ container, held, reading, session });
  }

  create(definition: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    return this.#copies.create(definition, copy);
  }

  /** The documents go first: as long as the copy is listed, its dropping can be taken up again. */
  async drop(copy: Copy): Promise<void> {
    const gone = await this.#copies.find(copy);
    this.#held.forget(copy);
    if (gone !== undefined) await this.#dropped.removeDocuments(gone.id);
    await this.#copies.drop(copy);
    await this.#dropped.removeLeftOvers(copy.model);
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
    // In this order: the region that writes afterwards is the one that gave the documents.
    await this.#wholeness.assertUnchanged(copy, behind);
    return loaded;
  }

  write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    return this.#documents.write(copy, changes);
  }

  evidenceOf(copy: Copy, previous: Checkpoint | undefined): Promise<string> {
    return this.#wholeness.evidenceOf(copy, previous);
  }

  lastWhole(copy: Copy, checkpoint: Checkpoint): Promise<Checkpoint | undefined> {
    return this.#wholeness.lastWhole(copy, checkpoint);
  }

  refusalOf(copy: Copy, id: DocumentId, body: string): DiptychError | undefined {
    return refusalOf(copy, id, body);
  }

  async removeTombstones(
    copy: Copy,
    olderThanInMs: number,
    limit: number,
    mayGo: (marks: Marks) => boolean,
  ): Promise<number> {
    const parts = { container: this.#container, bulk: this.#bulk };
    const held = await this.#held.require(copy);
    const buriedBefore = (await this.#time.now()) - olderThanInMs;
    const removed = await removeTombstones(parts, held, { buriedBefore, limit }, mayGo);
    // Nobody else comes by regularly.
    await this.#dropped.removeLeftOvers(copy.model);
    return removed;
  }

  open<Document>(
    definition: ReadModelDefinition,
    copy: Copy,
    tenant: string,
    atLeast?: RequiredFreshness,
  ): ReadModel<Document> {
    const evidence = atLeast !== undefined && atLeast.evidence.length > 0 ? atLeast.evidence : undefined;
    const parts = { container: this.#container, held: this.#held, reading: this.#reading };
    return new CosmosReadModel<Document>({ definition, copy, tenant, ...parts, evidence });
  }
}

import type { Clock } from '../clock/clock.js';
import { systemClock } from '../clock/system-clock.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { DocumentChange, DocumentId, StoredDocument, WriteOutcome } from '../read-models/document.js';
import type { Marks } from '../read-models/marks.js';
import type { ReadModel, ReadModelDefinition } from '../read-models/read-model.js';
import { DocumentTooLargeError } from '../read-models/read-model-errors.js';
import type {
  Copy,
  CopyInfo,
  CopyState,
  CopySwitchOptions,
  ReadModelStore,
  ReadModelStoreCapabilities,
} from '../read-models/read-model-store.js';
import { MemoryDocuments } from './memory-documents.js';
import { MemoryReadModel } from './memory-read-model.js';

export interface MemoryReadModelStoreOptions {
  /** The store's own clock. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** The largest document, in bytes of JSON. Default: no limit. */
  readonly maxDocumentBytes?: number | undefined;
}

interface MemoryCopy {
  readonly copy: Copy;
  readonly definition: ReadModelDefinition;
  readonly byTenant: Map<string, MemoryDocuments>;
  state: CopyState;
  since: number;
}

const utf8 = new TextEncoder();

/** Read models in the memory of this process: the reference meaning of the port. */
export class MemoryReadModelStore implements ReadModelStore {
  readonly capabilities: ReadModelStoreCapabilities;
  readonly #clock: Clock;
  readonly #copies = new Map<string, MemoryCopy>();

  constructor(options: MemoryReadModelStoreOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.capabilities = { maxDocumentBytes: options.maxDocumentBytes };
  }

  async create(definition: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    const key = keyOf(copy);
    const known = this.#copies.get(key);
    if (known !== undefined) return this.#infoOf(known);
    const { model, version, generation } = copy;
    const made: MemoryCopy = {
      copy: { model, version, generation },
      definition,
      byTenant: new Map(),
      state: 'building',
      since: this.#clock.now(),
    };
    this.#copies.set(key, made);
    return this.#infoOf(made);
  }

  async drop(copy: Copy): Promise<void> {
    this.#copies.delete(keyOf(copy));
  }

  async list(model: string): Promise<readonly CopyInfo[]> {
    return [...this.#copies.values()]
      .filter(({ copy }) => copy.model === model)
      .map((held) => this.#infoOf(held));
  }

  async abandon(copy: Copy): Promise<'abandoned' | 'conflict'> {
    const held = this.#copies.get(keyOf(copy));
    if (held?.state !== 'building') return 'conflict';
    this.#enter(held, 'abandoned');
    return 'abandoned';
  }

  async switch(
    from: Copy | undefined,
    to: Copy,
    { servedForLessThanMs = Number.POSITIVE_INFINITY }: CopySwitchOptions = {},
  ): Promise<'switched' | 'conflict'> {
    const next = this.#copies.get(keyOf(to));
    const serving = [...this.#copies.values()].find(
      ({ copy, state }) => state === 'serving' && copy.model === to.model && copy.version === to.version,
    );
    const expected = from === undefined ? undefined : this.#copies.get(keyOf(from));
    if (next?.state !== 'building' || serving !== expected || (from !== undefined && expected === undefined))
      return 'conflict';
    if (serving !== undefined && this.#infoOf(serving).stateAgeInMs >= servedForLessThanMs) return 'conflict';
    if (serving !== undefined) this.#enter(serving, 'retired');
    this.#enter(next, 'serving');
    return 'switched';
  }

  async load(copy: Copy, ids: readonly DocumentId[]): Promise<readonly (StoredDocument | undefined)[]> {
    const { byTenant } = this.#require(copy);
    return ids.map(({ tenant, name }) => byTenant.get(tenant)?.load(name));
  }

  async write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    const held = this.#require(copy);
    for (const change of changes) this.#checkSize(copy, change);
    return changes.map((change) =>
      this.#documentsOf(held, change.id.tenant).write(change, this.#clock.now()),
    );
  }

  async removeTombstones(
    copy: Copy,
    olderThanInMs: number,
    limit: number,
    mayGo: (marks: Marks) => boolean,
  ): Promise<number> {
    let removed = 0;
    for (const documents of this.#require(copy).byTenant.values()) {
      for (const { id, marks } of documents.tombstones(this.#clock.now() - olderThanInMs)) {
        if (removed === limit) return removed;
        if (!mayGo(marks)) continue;
        documents.remove(id.name);
        removed++;
      }
    }
    return removed;
  }

  open<Document>(definition: ReadModelDefinition, copy: Copy, tenant: string): ReadModel<Document> {
    const documents = () => this.#require(copy).byTenant.get(tenant);
    return new MemoryReadModel<Document>({ definition, copy, tenant, documents });
  }

  #enter(held: MemoryCopy, state: CopyState): void {
    held.state = state;
    held.since = this.#clock.now();
  }

  #infoOf({ copy, state, since }: MemoryCopy): CopyInfo {
    return { ...copy, state, stateAgeInMs: this.#clock.now() - since };
  }

  #documentsOf(held: MemoryCopy, tenant: string): MemoryDocuments {
    const known = held.byTenant.get(tenant);
    if (known !== undefined) return known;
    const made = new MemoryDocuments(held.definition);
    held.byTenant.set(tenant, made);
    return made;
  }

  #checkSize(copy: Copy, { id, body }: DocumentChange): void {
    const { maxDocumentBytes } = this.capabilities;
    if (maxDocumentBytes === undefined || body === null) return;
    const bytes = utf8.encode(body).length;
    if (bytes > maxDocumentBytes) throw new DocumentTooLargeError(copy.model, id, bytes, maxDocumentBytes);
  }

  #require(copy: Copy): MemoryCopy {
    const held = this.#copies.get(keyOf(copy));
    if (held !== undefined) return held;
    throw new ProgrammingError('copy-unknown', `There is no copy '${keyOf(copy)}'.`, { ...copy });
  }
}

function keyOf({ model, version, generation }: Copy): string {
  return `${model}/v${version}/g${generation}`;
}

import {
  type Checkpoint,
  type Copy,
  type DocumentChange,
  type DocumentId,
  DocumentsLostError,
  noMarks,
  type ReadModelStore,
  type StoredDocument,
} from '@diptych/core';

interface Evidence {
  /** The server that had everything then. */
  readonly server: number;
  /** Up to which write. */
  readonly writes: number;
  /** Earlier checkpoints, with theirs. */
  readonly earlier: readonly { readonly checkpoint: Checkpoint; readonly writes: number }[];
}

interface Remembered {
  readonly copy: Copy;
  readonly id: DocumentId;
  readonly before: StoredDocument | undefined;
}

/** A store whose server can be replaced by one that lags behind: the last acknowledged writes are gone then. */
export class ForgetfulStore
  implements Pick<ReadModelStore, 'evidenceOf' | 'lastWhole' | 'confirm' | 'load' | 'write'>
{
  readonly confirmed: string[] = [];
  readonly #store: ReadModelStore;
  #server = 1;
  #writes = 0;
  /** Which of the writes the present server had when it took over. */
  #whole = 0;
  #sinceReplica = new Map<string, Remembered>();

  constructor(store: ReadModelStore) {
    this.#store = store;
  }

  /** As a whole read-model store. */
  get asStore(): ReadModelStore {
    return new Proxy(this.#store, {
      get: (target, name) => {
        const own: unknown = Reflect.get(this, name, this);
        if (typeof own === 'function') return own.bind(this);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  get writes(): number {
    return this.#writes;
  }

  async load(copy: Copy, ids: readonly DocumentId[], behind: readonly Checkpoint[] = []) {
    const loaded = await this.#store.load(copy, ids);
    if (behind.some((checkpoint) => !this.#isOfServer(evidenceIn(checkpoint))))
      throw new DocumentsLostError(copy.model);
    return loaded;
  }

  async write(copy: Copy, changes: readonly DocumentChange[]) {
    const before = await this.#store.load(
      copy,
      changes.map(({ id }) => id),
    );
    changes.forEach(({ id }, index) => {
      const key = JSON.stringify([copy, id]);
      if (!this.#sinceReplica.has(key)) this.#sinceReplica.set(key, { copy, id, before: before[index] });
    });
    this.#writes += 1;
    return this.#store.write(copy, changes);
  }

  /** The replica has everything that was written until now. */
  replicate(): void {
    this.#sinceReplica.clear();
    this.#whole = this.#writes;
  }

  /** The replica takes over with what it has. */
  async failOver(): Promise<void> {
    this.#server += 1;
    for (const { copy, id, before } of this.#sinceReplica.values()) {
      const [present] = await this.#store.load(copy, [id]);
      const { body = null, marks = noMarks } = before ?? {};
      await this.#store.write(copy, [{ id, body, marks, expectedRevision: present?.revision }]);
    }
    this.#sinceReplica.clear();
  }

  async evidenceOf(copy: Copy, previous: Checkpoint | undefined, reached: Checkpoint): Promise<string> {
    const before = evidenceIn(previous);
    if (!this.#isOfServer(before)) throw new DocumentsLostError(copy.model);
    const earlier = [...(before?.earlier ?? []), { checkpoint: reached, writes: this.#writes }];
    const evidence: Evidence = { server: this.#server, writes: this.#writes, earlier };
    return JSON.stringify(evidence);
  }

  async lastWhole(_copy: Copy, checkpoint: Checkpoint): Promise<Checkpoint | undefined> {
    const evidence = evidenceIn(checkpoint);
    if (evidence === undefined || this.#isOfServer(evidence)) return checkpoint;
    const earlier = evidence.earlier.filter(({ writes }) => writes <= this.#whole);
    const last = earlier.at(-1);
    if (last === undefined) return undefined;
    const renewed: Evidence = { server: this.#server, writes: last.writes, earlier };
    return { ...last.checkpoint, evidence: JSON.stringify(renewed) };
  }

  async confirm(_copy: Copy, documents: readonly StoredDocument[]): Promise<void> {
    this.confirmed.push(...documents.map(({ id }) => id.name));
  }

  #isOfServer(evidence: Evidence | undefined): boolean {
    return evidence === undefined || evidence.server === this.#server;
  }
}

function evidenceIn(checkpoint: Checkpoint | undefined): Evidence | undefined {
  return checkpoint?.evidence === undefined ? undefined : (JSON.parse(checkpoint.evidence) as Evidence);
}

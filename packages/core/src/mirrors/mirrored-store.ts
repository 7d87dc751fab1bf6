import type { Clock } from '../clock/clock.js';
import { systemClock } from '../clock/system-clock.js';
import type { DiptychError } from '../errors/diptych-error.js';
import type { Checkpoint } from '../journal/checkpoint.js';
import type { DocumentChange, DocumentId, StoredDocument, WriteOutcome } from '../read-models/document.js';
import type { Marks } from '../read-models/marks.js';
import type { ReadModel, ReadModelDefinition } from '../read-models/read-model.js';
import type {
  Copy,
  CopyInfo,
  CopySwitchOptions,
  ReadModelStore,
  ReadModelStoreCapabilities,
  RequiredFreshness,
} from '../read-models/read-model-store.js';
import type { DocumentSink } from './document-sink.js';
import { MirrorRefusedError } from './mirror-errors.js';
import { MirrorSweep } from './mirror-sweep.js';
import { MirroredReadModel } from './mirrored-read-model.js';
import { Mirroring } from './mirroring.js';

export interface MirroredStoreOptions {
  /** By which what is sent is stamped. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /**
   * How long after it was sent an entry may come to the sink and be seen in it, in milliseconds: the time that a
   * request may take, how far clocks may be apart, how long the sink takes to show what it has acknowledged. An older
   * state that comes within it is repaired by the next sweep. Default 30,000.
   */
  readonly windowInMs?: number | undefined;
  /** Told when a sweep has found entries that were not as the documents are, and has sent these again. */
  readonly onRepaired?: ((copy: Copy, documents: readonly DocumentId[]) => void) | undefined;
}

/**
 * A read-model store that keeps documents in `primary`, and shows them in `sink` as well. What was written is
 * acknowledged by the sink before `write` resolves, and so before a checkpoint moves.
 */
export function mirroredStore(
  primary: ReadModelStore,
  sink: DocumentSink,
  options: MirroredStoreOptions = {},
): ReadModelStore {
  return new MirroredStore(primary, sink, options);
}

class MirroredStore implements ReadModelStore {
  readonly evidenceOf?: NonNullable<ReadModelStore['evidenceOf']>;
  readonly lastWhole?: NonNullable<ReadModelStore['lastWhole']>;
  readonly #primary: ReadModelStore;
  readonly #sink: DocumentSink;
  readonly #mirroring: Mirroring;
  readonly #sweep: MirrorSweep;

  constructor(primary: ReadModelStore, sink: DocumentSink, options: MirroredStoreOptions) {
    const { clock = systemClock, windowInMs = 30_000, onRepaired } = options;
    this.#primary = primary;
    this.#sink = sink;
    // Absent where the primary has none: nobody asks then.
    if (primary.evidenceOf) this.evidenceOf = primary.evidenceOf.bind(primary);
    if (primary.lastWhole) this.lastWhole = primary.lastWhole.bind(primary);
    this.#mirroring = new Mirroring({ primary, sink, clock });
    const mirroring = this.#mirroring;
    this.#sweep = new MirrorSweep({ primary, sink, clock, windowInMs, onRepaired, mirroring });
  }

  get capabilities(): ReadModelStoreCapabilities {
    return this.#primary.capabilities;
  }

  /** The sink comes first: a copy that is listed can be mirrored. */
  async create(definition: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    await this.#sink.create(definition, copy);
    return this.#primary.create(definition, copy);
  }

  /** The sink comes first: a copy that is listed can be dropped again, after a crash in between. */
  async drop(copy: Copy): Promise<void> {
    await this.#sink.drop(copy);
    await this.#primary.drop(copy);
    this.#sweep.forget(copy);
  }

  list(model: string): Promise<readonly CopyInfo[]> {
    return this.#primary.list(model);
  }

  abandon(copy: Copy): Promise<'abandoned' | 'conflict'> {
    return this.#primary.abandon(copy);
  }

  switch(from: Copy | undefined, to: Copy, options?: CopySwitchOptions): Promise<'switched' | 'conflict'> {
    return this.#primary.switch(from, to, options);
  }

  load(copy: Copy, ids: readonly DocumentId[], behind?: readonly Checkpoint[]) {
    return this.#primary.load(copy, ids, behind);
  }

  async write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    const outcomes = await this.#primary.write(copy, changes);
    await this.#mirroring.send(
      copy,
      changes.filter((_, index) => outcomes[index] !== 'conflict'),
    );
    return outcomes;
  }

  removeTombstones(
    copy: Copy,
    olderThanInMs: number,
    limit: number,
    mayGo: (marks: Marks) => boolean,
  ): Promise<number> {
    return this.#primary.removeTombstones(copy, olderThanInMs, limit, mayGo);
  }

  async confirm(copy: Copy, documents: readonly StoredDocument[]): Promise<void> {
    await this.#primary.confirm?.(copy, documents);
    await this.#mirroring.send(copy, documents);
  }

  refusalOf(copy: Copy, id: DocumentId, body: string): DiptychError | undefined {
    const refused = this.#primary.refusalOf?.(copy, id, body);
    if (refused !== undefined) return refused;
    const reason = this.#sink.refusalOf?.(copy, body);
    return reason === undefined ? undefined : new MirrorRefusedError(copy.model, [{ id, reason }]);
  }

  sweep(
    copy: Copy,
    progress: string | undefined,
    keep: (progress: string) => Promise<void>,
  ): Promise<string> {
    return this.#sweep.run(copy, progress, keep);
  }

  async audit(definition: ReadModelDefinition): Promise<readonly string[]> {
    const faults = await Promise.all([this.#primary.audit?.(definition), this.#sink.audit?.(definition)]);
    return faults.flatMap((found) => found ?? []);
  }

  open<Document>(
    definition: ReadModelDefinition,
    copy: Copy,
    tenant: string,
    atLeast?: RequiredFreshness,
  ): ReadModel<Document> {
    const primary = this.#primary.open<Document>(definition, copy, tenant, atLeast);
    return new MirroredReadModel(primary, () => this.#sink.open(definition, copy, tenant));
  }
}

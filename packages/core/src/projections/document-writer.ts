import { isDiptychError } from '../errors/diptych-error.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { Checkpoint } from '../journal/checkpoint.js';
import type { MirrorRefusedError } from '../mirrors/mirror-errors.js';
import type { DocumentId } from '../read-models/document.js';
import { documentKey } from '../read-models/document-key.js';
import { noMarks } from '../read-models/marks.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { ConsumeContext, FailedItem } from '../subscriptions/consumer.js';
import {
  type ApplyEvent,
  type DocumentState,
  type DocumentWork,
  foldDocument,
  groupedByKey,
} from './document-fold.js';
import {
  comeAgain,
  comeAgainSmaller,
  done,
  type Folded,
  type Left,
  refusedByMirror,
} from './document-round.js';
import { DocumentSource, type Unfolded } from './document-source.js';

/** One batch of one partition on its way into the documents. */
interface Batch {
  open: readonly DocumentWork[];
  rounds: number;
  readonly failures: FailedItem[];
  /** What the subscription believes is in the documents already. */
  readonly checkpoint: Checkpoint | undefined;
  readonly abortSignal: AbortSignal;
  readonly end: (error?: unknown) => void;
}

// Another process that writes the same document gets in between: with each round one of them gets through, so this
// many in a row mean that something else is wrong.
const maxRounds = 50;

// The store has one part of a round in hand while the other is folded.
const partsAtOnce = 2;

const noDocument: DocumentState = { body: null, marks: noMarks };

/**
 * Takes what is remembered of documents, loads the rest, folds and writes, each under optimistic concurrency. Batches that come while a round is on its
 * way go together in the next one, so that partitions which feed one document do not conflict within a process.
 */
export class DocumentWriter {
  readonly #store: ReadModelStore;
  readonly #copy: Copy;
  readonly #apply: ApplyEvent;
  readonly #source: DocumentSource;
  readonly #batches = new Set<Batch>();
  #isRunning = false;

  constructor(store: ReadModelStore, copy: Copy, apply: ApplyEvent) {
    this.#store = store;
    this.#copy = copy;
    this.#apply = apply;
    this.#source = new DocumentSource(store, copy);
  }

  /** Resolves the first failure of each document, once all that could be applied is durable. */
  write(
    work: readonly DocumentWork[],
    { checkpoint, abortSignal }: Pick<ConsumeContext, 'checkpoint' | 'abortSignal'>,
  ): Promise<readonly FailedItem[]> {
    return new Promise((resolve, reject) => {
      const failures: FailedItem[] = [];
      const end = (error?: unknown) => (error === undefined ? resolve(failures) : reject(error));
      this.#batches.add({ open: work, rounds: 0, failures, checkpoint, abortSignal, end });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Partitions are handed over one after the other within a turn: the first one waits for the others.
    await undefined;
    while (this.#batches.size > 0) {
      const batches = [...this.#batches].filter((batch) => this.#mayGoOn(batch));
      try {
        await this.#round(batches);
      } catch (error) {
        for (const batch of batches) this.#end(batch, error);
      }
    }
    this.#isRunning = false;
  }

  #mayGoOn(batch: Batch): boolean {
    if (batch.open.length === 0) this.#end(batch);
    else if (batch.abortSignal.aborted) this.#end(batch, batch.abortSignal.reason);
    else if (batch.rounds === maxRounds) this.#end(batch, conflicting(this.#copy));
    return this.#batches.has(batch);
  }

  #end(batch: Batch, error?: unknown): void {
    if (this.#batches.delete(batch)) batch.end(error);
  }

  async #round(batches: readonly Batch[]): Promise<void> {
    if (batches.length === 0) return;
    const behind = batches.flatMap(({ checkpoint }) => checkpoint ?? []);
    const left: Left = { again: new Map(), failures: new Map() };
    const documents = groupedByKey(batches.flatMap(({ open }) => open));
    const parts = partsOf(documents, this.#store.capabilities.documentsAtOnce).values();
    await allEnded(partsAtOnce, async () => {
      for (const part of parts) await this.#put(await this.#fold(part, behind), left);
    });
    for (const batch of batches) goOnWith(batch, left);
  }

  async #fold(
    documents: readonly (readonly DocumentWork[])[],
    behind: readonly Checkpoint[],
  ): Promise<readonly Folded[]> {
    const unfolded = await this.#source.load(documents, behind);
    return unfolded.map((document) => this.#foldOne(document));
  }

  #foldOne({ works, stored, isRemembered }: Unfolded): Folded {
    let state: DocumentState = stored ?? noDocument;
    let isChanged = false;
    const parts = works.map((work) => {
      const result = foldDocument(work, state, this.#apply);
      state = result;
      isChanged ||= result.changed;
      return { work, result };
    });
    const { body, marks } = state;
    const { key, id } = works[0]!;
    const change = { id, body, marks, expectedRevision: stored?.revision };
    return { key, change, stored, isRemembered, isChanged, parts };
  }

  /** What is there already and need not be written; a mirror may refuse it. */
  async #confirm(unchanged: readonly Folded[], left: Left): Promise<void> {
    const found = unchanged.filter(({ parts }) => parts.some(({ result }) => result.passed > 0));
    const documents = found.flatMap(({ stored }) => stored ?? []);
    try {
      if (documents.length > 0) await this.#store.confirm?.(this.#copy, documents);
      for (const document of unchanged) done(document, left);
    } catch (error) {
      if (!isDiptychError(error, 'mirror-refused')) throw error;
      refusedByMirror(unchanged, error as MirrorRefusedError, left);
    }
  }

  /**
   * Writes what changed. What conflicted comes again; so does everything when a document was too large, or was written
   * and its mirror refuses it: then it is found unchanged.
   */
  async #put(folded: readonly Folded[], left: Left): Promise<void> {
    const [changed, unchanged]: [Folded[], Folded[]] = [[], []];
    for (const document of folded) {
      if (document.isChanged) changed.push(document);
      // Nothing is written, so nothing would tell whether it is still so: next time it is loaded.
      else if (document.isRemembered) comeAgain([document], left);
      else unchanged.push(document);
    }
    if (unchanged.length > 0) await this.#confirm(unchanged, left);
    if (changed.length === 0) return;
    try {
      const changes = changed.map(({ change }) => change);
      const outcomes = await this.#store.write(this.#copy, changes);
      for (const [index, document] of changed.entries()) {
        const outcome = outcomes[index]!;
        this.#source.settled(document, outcome);
        if (outcome === 'conflict') comeAgain([document], left);
        else done(document, left);
      }
    } catch (error) {
      if (isDiptychError(error, 'mirror-refused')) comeAgain(changed, left);
      else if (!isDiptychError(error, 'document-too-large')) throw error;
      else comeAgainSmaller(changed, error, documentKey(error.details.id as DocumentId), left);
    }
  }
}

/** Notes what has failed for a batch, and leaves it what is to be tried again. */
function goOnWith(batch: Batch, { again, failures }: Left): void {
  batch.rounds++;
  if (failures.size > 0) batch.failures.push(...batch.open.flatMap((work) => failures.get(work) ?? []));
  batch.open = again.size === 0 ? [] : batch.open.flatMap((work) => again.get(work) ?? []);
}

function partsOf<T>(list: readonly T[], most = list.length): readonly (readonly T[])[] {
  const size = Math.max(1, most);
  const parts: (readonly T[])[] = [];
  for (let from = 0; from < list.length; from += size) parts.push(list.slice(from, from + size));
  return parts;
}

/** @throws what one that failed has thrown, once none is on its way any more. */
async function allEnded(count: number, run: () => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(Array.from({ length: count }, run));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

function conflicting({ model }: Copy): UnavailableError {
  return new UnavailableError(`Documents of read model '${model}' keep being written by others.`);
}

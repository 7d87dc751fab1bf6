import { isDiptychError } from '../errors/diptych-error.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { JournalEntry, RecordedEvent } from '../journal/journal-entry.js';
import type { DocumentChange, DocumentId } from '../read-models/document.js';
import { documentIdOf, documentKey } from '../read-models/document-key.js';
import { DocumentTooLargeError } from '../read-models/read-model-errors.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import { type DocumentWork, type FoldedDocument, foldDocument } from './document-fold.js';
import type { ProjectionFolds } from './projection-folds.js';

export interface ProjectionConsumerOptions {
  readonly folds: ProjectionFolds;
  readonly store: ReadModelStore;
  /** The copy that is fed. */
  readonly copy: Copy;
}

interface Folded {
  readonly work: DocumentWork;
  readonly result: FoldedDocument;
  readonly change: DocumentChange;
}

// Another owner of the partition, or of another partition of the same document, wrote in between: with each
// round at least one of them gets through, so this many in a row mean that something else is wrong.
const maxRounds = 50;
const utf8 = new TextEncoder();

/**
 * The consumer that feeds one copy of a read model: loads the documents that a batch concerns, folds, and writes
 * each once under optimistic concurrency. Marks written with the document make each event count once.
 */
export class ProjectionConsumer implements Consumer {
  readonly #folds: ProjectionFolds;
  readonly #store: ReadModelStore;
  readonly #copy: Copy;

  constructor(options: ProjectionConsumerOptions) {
    this.#folds = options.folds;
    this.#store = options.store;
    this.#copy = options.copy;
  }

  itemsOf(entry: JournalEntry): readonly WorkItem<RecordedEvent>[] {
    if (entry.kind !== 'event') return [];
    return this.#folds
      .idsOf(entry)
      .map((name) => ({ key: documentKey({ tenant: entry.tenant, name }), entry }));
  }

  async handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    const failures: FailedItem[] = [];
    let open = groupByDocument(items);
    for (let round = 0; open.length > 0; round++) {
      if (round === maxRounds)
        throw new UnavailableError(`Documents of '${context.subscription}' keep being written by others.`);
      context.abortSignal.throwIfAborted();
      const folded = await this.#fold(open);
      const { again, done } = await this.#write(folded);
      for (const { result } of done) if (result.failed !== undefined) failures.push(result.failed);
      open = again;
    }
    return failures;
  }

  async #fold(open: readonly DocumentWork[]): Promise<readonly Folded[]> {
    const stored = await this.#store.load(
      this.#copy,
      open.map(({ id }) => id),
    );
    return open.map((work, index) => {
      const result = foldDocument(work, stored[index], (entry, id, body) => this.#apply(entry, id, body));
      const { body, marks } = result;
      return {
        work,
        result,
        change: { id: work.id, body, marks, expectedRevision: stored[index]?.revision },
      };
    });
  }

  #apply(entry: RecordedEvent, id: DocumentId, body: string | null): string | null {
    const after = this.#folds.apply(entry, id, body);
    const { maxDocumentBytes } = this.#store.capabilities;
    if (after === null || maxDocumentBytes === undefined) return after;
    // In UTF-8 a code unit takes at most three bytes: most documents need not be measured.
    if (after.length * 3 <= maxDocumentBytes) return after;
    const bytes = utf8.encode(after).length;
    if (bytes > maxDocumentBytes)
      throw new DocumentTooLargeError(this.#copy.model, id, bytes, maxDocumentBytes);
    return after;
  }

  /** Writes what changed. What conflicted comes again; so does everything when a document was too large. */
  async #write(
    folded: readonly Folded[],
  ): Promise<{ readonly again: readonly DocumentWork[]; readonly done: readonly Folded[] }> {
    const changed = folded.filter(({ result }) => result.changed);
    const unchanged = folded.filter(({ result }) => !result.changed);
    if (changed.length === 0) return { again: [], done: unchanged };
    try {
      const outcomes = await this.#store.write(
        this.#copy,
        changed.map(({ change }) => change),
      );
      const again = changed.filter((_, index) => outcomes[index] === 'conflict').map(({ work }) => work);
      return { again, done: [...unchanged, ...changed.filter((_, index) => outcomes[index] === 'written')] };
    } catch (error) {
      if (!isDiptychError(error, 'document-too-large')) throw error;
      return { again: shorten(changed, error, error.details.id as DocumentId), done: unchanged };
    }
  }
}

/** The store measures in its own way: the last event of that document is left out, and fails with the store's error. */
function shorten(changed: readonly Folded[], error: Error, id: DocumentId): readonly DocumentWork[] {
  const large = changed.find(({ work }) => work.id.tenant === id.tenant && work.id.name === id.name);
  if (large === undefined) throw error;
  return changed.map(({ work, result }) => {
    if (work !== large.work) return work;
    const limit = result.passed - 1;
    return { ...work, limit, failed: { item: work.items[limit]!, error } };
  });
}

function groupByDocument(items: readonly WorkItem[]): readonly DocumentWork[] {
  const byKey = new Map<string, WorkItem<RecordedEvent>[]>();
  for (const item of items as readonly WorkItem<RecordedEvent>[]) {
    const ofKey = byKey.get(item.key);
    if (ofKey === undefined) byKey.set(item.key, [item]);
    else ofKey.push(item);
  }
  return [...byKey].map(([key, ofKey]) => ({
    id: documentIdOf(key),
    items: ofKey,
    limit: ofKey.length,
    failed: undefined,
  }));
}

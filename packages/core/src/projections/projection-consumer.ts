import type { JournalEntry, RecordedEvent } from '../journal/journal-entry.js';
import type { DocumentId } from '../read-models/document.js';
import { documentIdOf, documentKey } from '../read-models/document-key.js';
import { DocumentTooLargeError } from '../read-models/read-model-errors.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import type { DocumentWork } from './document-fold.js';
import { DocumentWriter } from './document-writer.js';
import type { ProjectionFolds } from './projection-folds.js';

export interface ProjectionConsumerOptions {
  readonly folds: ProjectionFolds;
  readonly store: ReadModelStore;
  /** The copy that is fed. */
  readonly copy: Copy;
}

const utf8 = new TextEncoder();

/**
 * The consumer that feeds one copy of a read model: loads the documents that a batch concerns, folds, and writes
 * each once under optimistic concurrency. Marks written with the document make each event count once.
 */
export class ProjectionConsumer implements Consumer {
  readonly #folds: ProjectionFolds;
  readonly #store: ReadModelStore;
  readonly #copy: Copy;
  readonly #writer: DocumentWriter;

  constructor({ folds, store, copy }: ProjectionConsumerOptions) {
    this.#folds = folds;
    this.#store = store;
    this.#copy = copy;
    this.#writer = new DocumentWriter(store, copy, (entry, id, body) => this.#apply(entry, id, body));
  }

  itemsOf(entry: JournalEntry): readonly WorkItem<RecordedEvent>[] {
    if (entry.kind !== 'event') return [];
    return this.#folds
      .idsOf(entry)
      .map((name) => ({ key: documentKey({ tenant: entry.tenant, name }), entry }));
  }

  handle(items: readonly WorkItem[], { abortSignal }: ConsumeContext): Promise<readonly FailedItem[]> {
    return this.#writer.write(groupByDocument(items), abortSignal);
  }

  /** The document's mark tells, for what waits behind a parked event is not applied before it. */
  async hasHandled({ key, entry }: WorkItem): Promise<boolean> {
    const [stored] = await this.#store.load(this.#copy, [documentIdOf(key)]);
    const mark = stored?.marks[entry.partition];
    return mark !== undefined && mark >= entry.position;
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

import { isDiptychError } from '../errors/diptych-error.js';
import type { JournalEntry, RecordedEvent } from '../journal/journal-entry.js';
import type { DocumentId, StoredDocument } from '../read-models/document.js';
import { documentIdOf, documentKey } from '../read-models/document-key.js';
import { markOf } from '../read-models/marks.js';
import { DocumentTooLargeError } from '../read-models/read-model-errors.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import { type DocumentItem, type DocumentWork, groupedByKey } from './document-fold.js';
import { DocumentWriter } from './document-writer.js';
import type { ProjectedEvent } from './projected-event.js';
import type { ProjectionFolds } from './projection-folds.js';

export interface ProjectionConsumerOptions {
  readonly folds: ProjectionFolds;
  readonly store: ReadModelStore;
  /** The copy that is fed. */
  readonly copy: Copy;
}

const utf8 = new TextEncoder();

/**
 * The consumer that feeds one copy of a read model: gets the documents that a batch concerns, folds, and writes each
 * once under optimistic concurrency. Marks written with the document make each event count once.
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
    this.#writer = new DocumentWriter(store, copy, (item, body) => this.#apply(item, body));
  }

  itemsOf(entry: JournalEntry): readonly DocumentItem[] {
    const event = entry.kind === 'event' ? this.#folds.read(entry) : undefined;
    if (event === undefined) return [];
    const { ids } = event;
    // Most events concern one document.
    if (ids.length === 1) return [itemOf(entry as RecordedEvent, event, ids[0]!)];
    return ids.map((name) => itemOf(entry as RecordedEvent, event, name));
  }

  handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    return this.#writer.write(groupByDocument(items as readonly DocumentItem[]), context);
  }

  get evidenceOf(): Consumer['evidenceOf'] {
    const { evidenceOf } = this.#store;
    return (
      evidenceOf &&
      ((reached, { checkpoint }) => evidenceOf.call(this.#store, this.#copy, checkpoint, reached))
    );
  }

  get lastWhole(): Consumer['lastWhole'] {
    const { lastWhole } = this.#store;
    return lastWhole && ((checkpoint) => lastWhole.call(this.#store, this.#copy, checkpoint));
  }

  /** The document's mark tells, for what waits behind a parked event is not applied before it. */
  async hasHandled({ key, entry }: WorkItem, { checkpoint }: ConsumeContext): Promise<boolean> {
    const behind = checkpoint === undefined ? [] : [checkpoint];
    const [stored] = await this.#store.load(this.#copy, [documentIdOf(key)], behind);
    const mark = stored && markOf(stored.marks, entry.partition);
    if (stored === undefined || mark === undefined || mark < entry.position) return false;
    await this.#confirm(stored);
    return true;
  }

  /** Nobody will look at this document for the sake of that event again. */
  async #confirm(stored: StoredDocument): Promise<void> {
    try {
      await this.#store.confirm?.(this.#copy, [stored]);
    } catch (error) {
      if (!isDiptychError(error, 'mirror-refused')) throw error;
    }
  }

  #apply({ event, id }: DocumentItem, body: string | null): string | null {
    const after = event.apply(id.name, body);
    if (after === null) return after;
    this.#checkSize(id, after);
    const refused = this.#store.refusalOf?.(this.#copy, id, after);
    if (refused !== undefined) throw refused;
    return after;
  }

  #checkSize(id: DocumentId, body: string): void {
    const { maxDocumentBytes } = this.#store.capabilities;
    // In UTF-8 a code unit takes at most three bytes: most documents need not be measured.
    if (maxDocumentBytes === undefined || body.length * 3 <= maxDocumentBytes) return;
    const bytes = utf8.encode(body).length;
    if (bytes > maxDocumentBytes)
      throw new DocumentTooLargeError(this.#copy.model, id, bytes, maxDocumentBytes);
  }
}

function itemOf(entry: RecordedEvent, event: ProjectedEvent, name: string): DocumentItem {
  const id = { tenant: entry.tenant, name };
  return { key: documentKey(id), entry, id, event };
}

function groupByDocument(items: readonly DocumentItem[]): readonly DocumentWork[] {
  return groupedByKey(items).map((ofKey) => {
    const { key, id } = ofKey[0]!;
    return { key, id, items: ofKey, limit: ofKey.length, failed: undefined };
  });
}

import type { RecordedEvent } from '../journal/journal-entry.js';
import type { DocumentId } from '../read-models/document.js';
import { type Marks, markOf, withMark } from '../read-models/marks.js';
import type { FailedItem, WorkItem } from '../subscriptions/consumer.js';
import type { ProjectedEvent } from './projected-event.js';

/** An event for one of the documents that it concerns. */
export interface DocumentItem extends WorkItem<RecordedEvent> {
  readonly id: DocumentId;
  /** Read once, though it is asked for its documents first and folded later. */
  readonly event: ProjectedEvent;
}

/** What one document has still to be folded with: events of one batch of one partition. */
export interface DocumentWork {
  readonly key: string;
  readonly id: DocumentId;
  /** In partition order. */
  readonly items: readonly DocumentItem[];
  /** How many of them may be tried: fewer than all once a store refused what they made of the document. */
  readonly limit: number;
  /** The failure of the first item beyond the limit. */
  readonly failed: FailedItem | undefined;
}

/** What is written of a document. */
export interface DocumentState {
  readonly body: string | null;
  readonly marks: Marks;
}

/** The document after its events, as far as they could be applied. */
export interface FoldedDocument extends DocumentState {
  /** False when every event was at or below its mark: there is nothing to write. */
  readonly changed: boolean;
  /** How many items were looked at without a failure. */
  readonly passed: number;
  readonly failed: FailedItem | undefined;
}

/** Gives the body that an event makes of a body. Throws when the event cannot be applied. */
export type ApplyEvent = (item: DocumentItem, body: string | null) => string | null;

/** What concerns one document, together: documents and what they have in the order in which they come. */
export function groupedByKey<T extends { readonly key: string }>(all: readonly T[]): (readonly T[])[] {
  const byKey = new Map<string, T[]>();
  for (const one of all) {
    const ofKey = byKey.get(one.key);
    if (ofKey === undefined) byKey.set(one.key, [one]);
    else ofKey.push(one);
  }
  return [...byKey.values()];
}

/** Folds a document with events in order, each once: one at or below the mark of its partition is passed over. */
export function foldDocument(work: DocumentWork, before: DocumentState, apply: ApplyEvent): FoldedDocument {
  let { body, marks } = before;
  let changed = false;
  const passed = Math.min(work.limit, work.items.length);
  for (let index = 0; index < passed; index++) {
    const item = work.items[index]!;
    const { partition, position } = item.entry;
    const mark = markOf(marks, partition);
    if (mark !== undefined && position <= mark) continue;
    try {
      body = apply(item, body);
    } catch (error) {
      return { body, marks, changed, passed: index, failed: { item, error } };
    }
    marks = withMark(marks, partition, position);
    changed = true;
  }
  return { body, marks, changed, passed, failed: work.failed };
}

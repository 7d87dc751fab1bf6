import { MirrorRefusedError } from '../mirrors/mirror-errors.js';
import type { DocumentChange, StoredDocument } from '../read-models/document.js';
import { documentKey } from '../read-models/document-key.js';
import type { FailedItem } from '../subscriptions/consumer.js';
import type { DocumentWork, FoldedDocument } from './document-fold.js';

/** One document with what all batches of a round have for it. */
export interface Folded {
  readonly key: string;
  readonly change: DocumentChange;
  readonly stored: StoredDocument | undefined;
  /** Not loaded: as in `Unfolded`. */
  readonly isRemembered: boolean;
  /** Otherwise there is nothing to write. */
  readonly isChanged: boolean;
  readonly parts: readonly { readonly work: DocumentWork; readonly result: FoldedDocument }[];
}

/** What a round leaves behind: what is to be tried again, and as what; and what has failed. */
export interface Left {
  readonly again: Map<DocumentWork, DocumentWork>;
  readonly failures: Map<DocumentWork, FailedItem>;
}

export function done({ parts }: Folded, { failures }: Left): void {
  for (const { work, result } of parts) if (result.failed !== undefined) failures.set(work, result.failed);
}

export function comeAgain(folded: readonly Folded[], { again }: Left): void {
  for (const { work } of folded.flatMap(({ parts }) => parts)) again.set(work, work);
}

/** Which event the mirror cannot have is not known: the last one of those that are in the document. */
export function refusedByMirror(unchanged: readonly Folded[], error: MirrorRefusedError, left: Left): void {
  const refusals = new Map(error.refusals.map((refusal) => [documentKey(refusal.id), refusal]));
  for (const document of unchanged) {
    done(document, left);
    const refusal = refusals.get(document.key);
    const part = document.parts.findLast(({ result }) => result.passed > 0);
    if (refusal === undefined || part === undefined) continue;
    const item = part.work.items[part.result.passed - 1]!;
    left.failures.set(part.work, {
      item,
      error: new MirrorRefusedError(error.details.model as string, [refusal]),
    });
  }
}

/** The store measures in its own way: the last event of that document is left out, and fails with the store's error. */
export function comeAgainSmaller(changed: readonly Folded[], error: Error, key: string, left: Left): void {
  const large = changed.find((document) => document.key === key);
  if (large === undefined) throw error;
  comeAgain(changed, left);
  const { work, result } = large.parts.findLast((part) => part.result.changed)!;
  const limit = result.passed - 1;
  left.again.set(work, { ...work, limit, failed: { item: work.items[limit]!, error } });
}

import type { DocumentId } from '../read-models/document.js';
import type { ReadModelDefinition } from '../read-models/read-model.js';
import type { Copy } from '../read-models/read-model-store.js';

/** Which state of a document a sink was sent, and when. */
export interface MirrorStamp {
  /** The same text for the same state: the document's marks. */
  readonly version: string;
  /** Unique for each sending, so that what was looked at can be told from what came later. */
  readonly sending: string;
  /** When it was sent: milliseconds since the Unix epoch, by the clock of the process that sent it. */
  readonly sentAt: number;
}

/** One document's state on its way into a sink. */
export interface MirrorChange extends MirrorStamp {
  readonly id: DocumentId;
  /** The document as JSON text. `null`: it was deleted; its entry stays, and no query is shown it. */
  readonly body: string | null;
}

/** An entry as the sink has it, without what is in it. */
export interface MirrorEntry extends MirrorStamp {
  readonly id: DocumentId;
  readonly isDeleted: boolean;
}

/**
 * - `mirrored`: acknowledged; queries see it soon.
 * - `refused`: the sink will never take such a document.
 * - `later`: it was too busy, or nobody knows.
 */
export type MirrorOutcome =
  | { readonly kind: 'mirrored' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfterInMs?: number | undefined };

export interface MirrorEntriesQuery {
  /** Only those sent at that time or after it. */
  readonly sentFrom?: number | undefined;
  /** Only those sent before that time. */
  readonly sentBefore?: number | undefined;
  /** Only those of deleted documents. */
  readonly deletedOnly?: boolean | undefined;
  /** How many at most: 1 to 1,000. */
  readonly limit: number;
  /** Where an earlier page ended: its `next`. */
  readonly after?: string | undefined;
}

export interface MirrorEntriesPage {
  readonly entries: readonly MirrorEntry[];
  /** For the next page; `undefined` when there is none. */
  readonly next: string | undefined;
}

/**
 * A place for copies of documents that are kept elsewhere, for questions that only it can answer: full text, say. It
 * needs no conditional writes: whatever comes last stays, also an older state that was held up. `mirroredStore` puts
 * it beside a store that has them, and its sweep repairs what came late.
 */
export interface DocumentSink {
  /** Makes room for a copy; one that is there is left as it is. */
  create(definition: ReadModelDefinition, copy: Copy): Promise<void>;
  /** Removes a copy with all its entries; one that is gone already is not missed. */
  drop(copy: Copy): Promise<void>;
  /** Why it would refuse such a document, told without asking the service. Default: not known. */
  refusalOf?(copy: Copy, body: string): string | undefined;
  /**
   * Puts entries in place of those of the same ids, whatever these are. Answers in the order asked. Sends each at most
   * once: whoever sends again stamps again.
   */
  mirror(copy: Copy, changes: readonly MirrorChange[]): Promise<readonly MirrorOutcome[]>;
  /** Removes entries, whatever they are; those that are gone already are not missed. */
  remove(copy: Copy, ids: readonly DocumentId[]): Promise<void>;
  /** The entries, in the order in which they were sent. One that is sent again meanwhile moves to the end. */
  entries(copy: Copy, query: MirrorEntriesQuery): Promise<MirrorEntriesPage>;
  /** What queries ask the sink with, of one tenant. */
  open(definition: ReadModelDefinition, copy: Copy, tenant: string): unknown;
  /** Why this read model cannot be mirrored here, each in a sentence, asked as the app starts. Default: it can. */
  audit?(definition: ReadModelDefinition): Promise<readonly string[]>;
}

import type { DiptychError } from '../errors/diptych-error.js';
import type { Checkpoint } from '../journal/checkpoint.js';
import type { WrittenRange } from '../journal/consistency-token.js';
import type { DocumentChange, DocumentId, StoredDocument, WriteOutcome } from './document.js';
import type { Marks } from './marks.js';
import type { ReadModel, ReadModelDefinition } from './read-model.js';

/** One copy of one version of a read model. Repair rebuilds fill a new generation beside the serving one. */
export interface Copy {
  readonly model: string;
  readonly version: number;
  readonly generation: number;
}

/**
 * - `building`: filled, not served.
 * - `serving`: queries read it.
 * - `retired`: another one serves in its place; still fed, until it is dropped.
 * - `abandoned`: never served and will not; not fed any more, until it is dropped. It holds its number until then.
 */
export type CopyState = 'building' | 'serving' | 'retired' | 'abandoned';

export interface CopyInfo extends Copy {
  readonly state: CopyState;
  /** How long it has been in that state, by the store's clock. */
  readonly stateAgeInMs: number;
}

export interface CopySwitchOptions {
  /**
   * Only while `from` has served for less than this, by the store's clock, in milliseconds: a deadline for whoever
   * looked at the copies, which holds however long that one is held up on its way. Default: at any time.
   */
  readonly servedForLessThanMs?: number | undefined;
}

export interface ReadModelStoreCapabilities {
  /** The largest document, in bytes of JSON; `undefined` for no limit. */
  readonly maxDocumentBytes: number | undefined;
  /** So many documents go well together in one call; more are brought in several. Default: any number. */
  readonly documentsAtOnce?: number | undefined;
}

/** What must be in an answer: all that this subscription has handled in these ranges. */
export interface RequiredFreshness {
  readonly subscription: string;
  readonly ranges: readonly WrittenRange[];
  /** The evidence of the checkpoints that were seen to have passed these ranges. */
  readonly evidence: readonly string[];
}

/**
 * Holds read models as documents. All it needs of a backend is a conditional write of one document: marks inside
 * it make each event count once.
 */
export interface ReadModelStore {
  readonly capabilities: ReadModelStoreCapabilities;
  /** Makes room for a copy, which is `building`; one that exists is left as it is. */
  create(definition: ReadModelDefinition, copy: Copy): Promise<CopyInfo>;
  /** Removes a copy with its documents; one that is gone already is not missed. */
  drop(copy: Copy): Promise<void>;
  /** The copies of a model, all versions. */
  list(model: string): Promise<readonly CopyInfo[]>;
  /** A copy that is building will not be finished. `conflict` when it is not building (any more). */
  abandon(copy: Copy): Promise<'abandoned' | 'conflict'>;
  /**
   * In one step: `to`, which is building, serves, and `from` retires: both are of the same age then. `from` is
   * `undefined` where no copy of the version serves yet. `conflict` when it is otherwise (any more), or too late, and
   * nothing was changed.
   */
  switch(from: Copy | undefined, to: Copy, options?: CopySwitchOptions): Promise<'switched' | 'conflict'>;

  /**
   * Documents and tombstones, in the order asked; `undefined` for those that do not exist. What is loaded is built
   * upon, and marks then hide what was lost before: so a store that may lose documents looks, with the loading or after
   * it, whether all that the checkpoints in `behind` say is there.
   * @throws DocumentsLostError when it may not be.
   */
  load(
    copy: Copy,
    ids: readonly DocumentId[],
    behind?: readonly Checkpoint[],
  ): Promise<readonly (StoredDocument | undefined)[]>;
  /**
   * Writes each document if its revision is still the expected one. Answers in the order asked; not atomic over
   * several documents. A revision never comes again: one that a write answered may be expected much later, without a
   * look, and must be refused if anything else was there meanwhile.
   * @throws DocumentTooLargeError, before anything is written; MirrorRefusedError, once everything is written and the
   *   mirror has all but those that it names.
   */
  write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]>;
  /**
   * Removes tombstones older than that, by the store's clock, if `mayGo` agrees to their marks; never one that was
   * written since `mayGo` saw it. Returns how many went.
   */
  removeTombstones(
    copy: Copy,
    olderThanInMs: number,
    limit: number,
    mayGo: (marks: Marks) => boolean,
  ): Promise<number>;

  /**
   * Asked once the documents of a batch were written, before the checkpoint moves to `reached`: what to keep beside it,
   * so that it can be told later whether all that it says is there. `previous` is the checkpoint with which the batch
   * began. Absent where what was written is there for everybody, and stays.
   * @throws DocumentsLostError when what `previous` says may not be all there any more.
   */
  evidenceOf?(copy: Copy, previous: Checkpoint | undefined, reached: Checkpoint): Promise<string | undefined>;
  /**
   * The checkpoint itself while all that it says is there, with new evidence where that would say more. Else an earlier one from before the loss, `undefined` for
   * the beginning: from there on the events are applied again, and marks keep what is there from counting twice.
   * Asked when a partition is taken, and every few seconds while it is held.
   */
  lastWhole?(copy: Copy, checkpoint: Checkpoint): Promise<Checkpoint | undefined>;
  /**
   * Told of documents whose part of a batch was in them before it came: whoever wrote them may have died right after.
   * A store that mirrors what it writes sees to it that the mirror has them.
   * @throws MirrorRefusedError naming those that the mirror refuses, once it has all others.
   */
  confirm?(copy: Copy, documents: readonly StoredDocument[]): Promise<void>;
  /** Why the store would refuse such a document, told without asking anybody: the event that made it so parks. */
  refusalOf?(copy: Copy, id: DocumentId, body: string): DiptychError | undefined;
  /**
   * Compares what is mirrored elsewhere with the documents, and repairs what differs: a request that was held up may
   * have put an older state over a newer one. Asked every few seconds, by one process at a time for each copy.
   * `progress` is what the last sweep resolved, whoever made it; `keep` stores it before this one ends, and throws when
   * another process sweeps now.
   */
  sweep?(
    copy: Copy,
    progress: string | undefined,
    keep: (progress: string) => Promise<void>,
  ): Promise<string>;
  /** Why this read model cannot be kept here, each in a sentence, asked as the app starts. Default: it can. */
  audit?(definition: ReadModelDefinition): Promise<readonly string[]>;

  /**
   * The copy as query handlers see it. A store that may answer from a replica that lags behind must see to
   * `atLeast` there; the one that is written to has seen to it already.
   */
  open<Document>(
    definition: ReadModelDefinition,
    copy: Copy,
    tenant: string,
    atLeast?: RequiredFreshness,
  ): ReadModel<Document>;
}

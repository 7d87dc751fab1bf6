import type { WrittenRange } from '../journal/consistency-token.js';
import type { RecordedEvent } from '../journal/journal-entry.js';
import type { InboxKey, SettledCommand } from './inbox.js';
import type { StreamId } from './stream-id.js';
import type { WriteBatch } from './write-batch.js';

export interface LoadStreamOptions {
  /** Events behind this version are wanted. Default 0: all of them. */
  readonly afterVersion?: number | undefined;
  /** How many at most. Default: all. */
  readonly limit?: number | undefined;
}

/** What a commit wrote. */
export interface Committed {
  /** One range for each partition touched; empty when nothing was journalled. */
  readonly ranges: readonly WrittenRange[];
}

export interface BeginOptions {
  /** After this long the transaction is rolled back and every further use throws `time-limit`. */
  readonly timeLimitInMs: number;
}

export interface ClaimOptions extends BeginOptions {
  /** How long to wait for another holder of the key, in milliseconds. */
  readonly waitInMs: number;
}

/** One open transaction of the write store. It ends in exactly one of `commit` and `rollback`. */
export interface WriteTransaction<Native = unknown> {
  /** The driver's own transaction, so that a program's statements join it. */
  readonly native: Native;
  /**
   * Writes the batch and commits, in one round trip where the store can. Afterwards the transaction is over,
   * also when this throws.
   * @throws ConcurrencyConflictError; OutcomeUnknownError when no answer came; TimeLimitError;
   *   DiptychError `partition-key-changed`, `message-too-large`, `unit-too-large`.
   */
  commit(batch: WriteBatch): Promise<Committed>;
  /** Undoes everything. Safe to call at any time, also when the transaction is over. */
  rollback(): Promise<void>;
}

/** `claimed` comes with the transaction that holds the claim; `settled` leaves none open. */
export type Claim<Native = unknown> =
  | { readonly state: 'claimed'; readonly transaction: WriteTransaction<Native> }
  | { readonly state: 'settled'; readonly command: SettledCommand };

/** The transactional write model: journal, inbox, scheduled commands and the program's own rows, in one place. */
export interface WriteStore<Native = unknown> {
  readonly options: WriteStoreOptions;
  begin(options: BeginOptions): Promise<WriteTransaction<Native>>;
  /**
   * Opens a transaction that alone may handle the command with that key: the claim is its first statement and
   * rolls back with it. While another transaction holds the key, waits for that one to end: after its commit the
   * answer is `settled`, after its rollback `claimed`.
   * @throws DiptychError `command-in-progress` after `waitInMs`; `idempotency-mismatch` when the key was used
   *   with another fingerprint.
   */
  claim(key: InboxKey, options: ClaimOptions): Promise<Claim<Native>>;
  /** A transaction that consists of the final batch alone. Throws as `WriteTransaction.commit` does. */
  commit(batch: WriteBatch): Promise<Committed>;
  /** A stream's events in version order; empty for a stream that does not exist. */
  loadStream(stream: StreamId, options?: LoadStreamOptions): Promise<readonly RecordedEvent[]>;
  /** What is remembered of a command, or `undefined`. Takes no locks. */
  findSettled(key: Omit<InboxKey, 'fingerprint'>): Promise<SettledCommand | undefined>;
  /**
   * Moves the scheduled commands of a partition that are due, by the store's clock, into the journal: each in
   * one transaction with its removal from the table, in the order they are due.
   */
  moveDue(partition: number, limit: number): Promise<MovedDue>;
  /**
   * What the driver threw at a statement of the program's own, as an error of ours that says whether to try again;
   * anything else as it is. Absent where the driver's errors are ours already.
   */
  errorOf?(error: unknown): unknown;
  /** Forgets inbox marks that are older than their time, a bounded number at once. Returns how many. */
  forgetSettled(limit: number): Promise<number>;
}

export interface MovedDue {
  readonly moved: number;
  /** When the next one is due, in milliseconds from now by the store's clock; `undefined` when there is none. */
  readonly nextInMs: number | undefined;
}

export interface WriteStoreOptions {
  /** How long one session may last by default. */
  readonly sessionTimeLimitInMs: number;
  /** The largest event or command the store takes, in bytes of JSON; `undefined` for no limit of its own. */
  readonly maxMessageBytes: number | undefined;
}

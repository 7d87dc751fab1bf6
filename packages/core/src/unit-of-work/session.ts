import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Command, Event } from '../messages/message.js';
import type { ExpectedVersion } from './write-batch.js';

export interface AppendOptions {
  /** What decides the stream's partition. Default: the stream's name. Fixed by the stream's first event. */
  readonly partitionKey?: string | undefined;
}

export interface SendOptions {
  /** Commands of one key run one after the other, in the order sent. Default: the message id, so no order. */
  readonly key?: string | undefined;
}

/** When a scheduled command runs: `in` so many **milliseconds**, counted by the store's clock, or `at` a time. */
export type ScheduleOptions = SendOptions & ({ readonly in: number } | { readonly at: Date });

/** A stream as a session sees it: what is stored, then what the session itself has appended. */
export interface LoadedStream<E extends Event = Event> {
  /** 0 when the stream does not exist. */
  readonly version: number;
  readonly events: readonly E[];
  /**
   * The stored ones with their envelopes, those included that upcasters drop from `events`. What this session
   * appended is not among them.
   */
  readonly recorded: readonly RecordedEvent[];
}

/**
 * A handler's part of the one transaction. Everything here is buffered and written by the final batch, after the
 * handler has returned; when it throws, nothing is.
 */
export interface Session<Native = unknown> {
  readonly tenant: string;
  /**
   * The stream, read once per session, with what this session appended since at its end. `load<Placed | Shipped>`
   * says which events it holds; that is the program's word, and not checked.
   */
  load<E extends Event = Event>(
    stream: string,
    options?: { readonly afterVersion?: number },
  ): Promise<LoadedStream<E>>;
  /**
   * Adds events to the end of a stream.
   * @throws ConcurrencyConflictError at once where the session already knows that the version is another;
   *   otherwise the commit throws it; ProgrammingError `message-unknown` for an event that the program could not
   *   read back: `createApp` knows those that a handler or projection names, and those in `messages`.
   */
  append(
    stream: string,
    expectedVersion: ExpectedVersion,
    events: readonly Event[],
    options?: AppendOptions,
  ): void;
  /**
   * Sends a command that runs after the commit, in a unit of work of its own. Returns its message id.
   * @throws ProgrammingError `message-unknown` for a command that the program does not know.
   */
  send(command: Command, options?: SendOptions): string;
  /** Sends a command at a later time, by the store's clock. Returns its message id, which `cancel` takes. */
  schedule(command: Command, options: ScheduleOptions): string;
  /** Takes a scheduled command back, unless it has been moved into the journal already. */
  cancel(messageId: string): void;
  /** The driver's own transaction. The first call opens it: from then on the session holds what it locks. */
  native(): Promise<Native>;
  /**
   * Runs `work` after the commit and before the unit answers; not at all when there is no commit. What it throws
   * is reported and changes nothing: the unit is committed.
   */
  afterCommit(work: () => void | Promise<void>): void;
}

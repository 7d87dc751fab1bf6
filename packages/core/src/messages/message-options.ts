import type { Subject } from './subject.js';

/** What a caller may say beside a message. */
export interface MessageOptions {
  /** On whose behalf. Default: nobody (`anonymous`). */
  readonly subject?: Subject;
  /** Default `'default'`. */
  readonly tenant?: string;
  /** What this belongs to. Default: the message's own id. */
  readonly correlationId?: string;
  /** The id of the message that caused this one. Default: the message's own id. */
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** Aborted when the caller no longer waits. */
  readonly abortSignal?: AbortSignal;
  /** Overrides the handler's time limit, in milliseconds. */
  readonly timeoutInMs?: number;
}

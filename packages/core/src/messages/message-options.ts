import type { Subject } from './subject.js';

/** What a caller may say beside a message. */
export interface MessageOptions {
  /** On whose behalf. Default: nobody (`anonymous`). */
  readonly subject?: Subject | undefined;
  /** Default `'default'`. */
  readonly tenant?: string | undefined;
  /** What this belongs to. Default: the message's own id. */
  readonly correlationId?: string | undefined;
  /** The id of the message that caused this one. Default: the message's own id. */
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  /** Aborted when the caller no longer waits. */
  readonly abortSignal?: AbortSignal | undefined;
  /** Overrides the handler's time limit, in milliseconds. */
  readonly timeoutInMs?: number | undefined;
}

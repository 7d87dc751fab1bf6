import type { ConsistencyToken } from '../journal/consistency-token.js';
import type { Command, Query, ResultOf } from '../messages/message.js';
import type { Subject } from '../messages/subject.js';

/** The parts of an app that can run in processes of their own. */
export type Role = 'commands' | 'relay' | 'projections' | 'queries';

export interface MessageOptions {
  /** On whose behalf. Default: nobody (`anonymous`). */
  readonly subject?: Subject;
  readonly tenant?: string;
  /** What this belongs to. Default: the message's own id. */
  readonly correlationId?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly abortSignal?: AbortSignal;
  /** Overrides the handler's time limit, in milliseconds. */
  readonly timeoutInMs?: number;
}

export interface DispatchOptions extends MessageOptions {
  /** An id that the sender repeats when it tries again: the command then runs once. */
  readonly id?: string;
  /** The caller's own key for the same purpose, scoped by subject, tenant and command. */
  readonly idempotencyKey?: string;
}

export interface ExecuteQueryOptions extends MessageOptions {
  /** Answer with data at least as fresh as this receipt's. */
  readonly after?: ConsistencyToken;
  /** How long to wait for it, in milliseconds. Default 5,000. */
  readonly afterTimeoutInMs?: number;
}

export interface Receipt<Result> {
  readonly result: Result;
  readonly messageId: string;
  /** What was written, for a query's `after`. */
  readonly consistency: ConsistencyToken;
}

export interface CommandBus {
  /** Runs a command and resolves after its commit. */
  dispatch<C extends Command>(command: C, options?: DispatchOptions): Promise<Receipt<ResultOf<C>>>;
  /** As `dispatch`, with the bare result. */
  execute<C extends Command>(command: C, options?: DispatchOptions): Promise<ResultOf<C>>;
  /** Journals the command; it runs later, once. Resolves when it is durable. */
  send(command: Command, options?: DispatchOptions & { readonly key?: string }): Promise<{ readonly messageId: string }>;
}

export interface QueryBus {
  execute<Q extends Query>(query: Q, options?: ExecuteQueryOptions): Promise<ResultOf<Q>>;
}

import type { ConsistencyToken } from '../journal/consistency-token.js';
import type { Query, ResultOf } from '../messages/message.js';
import type { MessageOptions } from '../messages/message-options.js';

export interface ExecuteQueryOptions extends MessageOptions {
  /** Answer with data at least as fresh as this receipt's. */
  readonly after?: ConsistencyToken | undefined;
  /** How long to wait for it, in milliseconds. Default 5,000. */
  readonly afterTimeoutInMs?: number | undefined;
}

export interface QueryBus {
  /**
   * Answers a query.
   * @throws what the handler throws; `no-handler`; `forbidden`; `time-limit`; with `after` also what waiting for
   *   freshness throws.
   */
  execute<Q extends Query>(query: Q, options?: ExecuteQueryOptions): Promise<ResultOf<Q>>;
}

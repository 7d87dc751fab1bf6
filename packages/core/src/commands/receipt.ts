import type { ConsistencyToken } from '../journal/consistency-token.js';

/** What a command's sender gets back after the commit. */
export interface Receipt<Result> {
  readonly result: Result;
  /** The id of the command that ran: for a repeated command, that of the first. */
  readonly messageId: string;
  /** What was written, for a query's `after`. */
  readonly consistency: ConsistencyToken;
}

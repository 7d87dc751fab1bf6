import type { Consistency, ConsistencyToken } from '../journal/consistency-token.js';
import type { Subject } from '../messages/subject.js';
import type { Position } from '../partitions/position.js';
import type { HandlingContext } from '../pipeline/behavior.js';
import { MessageContext } from '../pipeline/message-context.js';
import type { ExecuteQueryOptions } from './query-bus.js';

/** What a query handler is given beside the query. */
export interface QueryContext extends HandlingContext {
  readonly subject: Subject;
  readonly tenant: string;
}

/** How far the read models had come when an answer was made. */
export interface AnsweredAt {
  readonly incarnation: string;
  /** The last position applied, for the partitions where that is known. */
  readonly positions: ReadonlyMap<number, Position>;
}

/** The context of a query on its way through the pipeline. */
export class QueryMessageContext extends MessageContext implements QueryContext {
  /** Set by the read-model scope before the handler runs; `undefined` where the query reads none. */
  answeredAt: AnsweredAt | undefined = undefined;
  /** Set as well: the copies of the read models that the handler reads, in words. */
  copies = '';

  get after(): ConsistencyToken | undefined {
    return (this.options as ExecuteQueryOptions).after;
  }

  get afterTimeoutInMs(): number | undefined {
    return (this.options as ExecuteQueryOptions).afterTimeoutInMs;
  }

  /**
   * A context for the same query, asked by that subject, which ends only when somebody aborts it: whoever asked first may
   * go, and others wait on. With `after`, it asks for the same freshness.
   */
  detached(subject: Subject, { after }: { readonly after: boolean }): QueryMessageContext {
    const { abortSignal: _signal, timeoutInMs: _limit, ...rest } = this.options;
    const freshness = after ? {} : { after: undefined };
    const options = { ...rest, ...freshness, subject, tenant: this.tenant };
    const context = new QueryMessageContext(this.definition, this.envelopes, options);
    context.trace = this.trace;
    return context;
  }
}

/** Whether an answer made there is at least as fresh as that. */
export function covers(answeredAt: AnsweredAt | undefined, { incarnation, ranges }: Consistency): boolean {
  if (answeredAt?.incarnation !== incarnation) return false;
  return ranges.every(({ partition, last }) => (answeredAt.positions.get(partition) ?? '') >= last);
}

import { systemClock } from '../clock/system-clock.js';
import { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import { auditHandlers } from '../handlers/handler-audit.js';
import { Resolver } from '../handlers/resolver.js';
import { type ConsistencyToken, parseConsistency } from '../journal/consistency-token.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import type { Query, ResultOf } from '../messages/message.js';
import type { Behavior } from '../pipeline/behavior.js';
import { handlerStep } from '../pipeline/handler-step.js';
import { type PipelineDescription, Router } from '../pipeline/router.js';
import { ForeignConsistencyError } from '../projections/freshness-errors.js';
import type { ExecuteQueryOptions, QueryBus } from './query-bus.js';
import { QueryMessageContext } from './query-context.js';
import type { QueryRegistration } from './query-handler.js';

export interface QueryBusOptions {
  readonly handlers: readonly QueryRegistration[];
  /** Default: one that knows only inject lists and constructors without parameters. */
  readonly resolver?: Resolver | undefined;
  /** Default: one with the machine's clock and the source `'local'`. */
  readonly envelopes?: EnvelopeFactory | undefined;
  /** What happens around the handlers, outermost first. Default: nothing. `queryBehaviors` gives the usual ones. */
  readonly behaviors?: readonly Behavior<QueryMessageContext>[] | undefined;
  /** Which journal the tokens of `after` must be of. Default: any. */
  readonly incarnation?: (() => string) | undefined;
  /** Whether the caller is inside a handler's session, where waiting for `after` could never end. */
  readonly insideSession?: (() => boolean) | undefined;
}

/** The bus as the app and its edges use it. */
export interface RunningQueryBus extends QueryBus {
  /** Each query's handler, policy and behaviors in order. */
  describe(): readonly PipelineDescription[];
}

/**
 * Puts the pipelines together and gives the bus. With `handlers` alone it is bare: a query goes straight to its
 * handler, and `after` is waited for by nobody.
 * @throws ProgrammingError `handler-duplicate`, and what the resolver throws.
 */
export function createQueryBus(options: QueryBusOptions): RunningQueryBus {
  const { handlers, resolver = new Resolver(), behaviors = [] } = options;
  const duplicate = auditHandlers(handlers).find(({ code }) => code === 'handler-duplicate');
  if (duplicate !== undefined) throw duplicate;
  const router = new Router<QueryMessageContext>('query');
  for (const handler of handlers) router.add(handler, behaviors, handlerStep(handler, resolver));
  return new ComposedQueryBus(router, options);
}

class ComposedQueryBus implements RunningQueryBus {
  readonly #router: Router<QueryMessageContext>;
  readonly #envelopes: EnvelopeFactory;
  readonly #incarnation: (() => string) | undefined;
  readonly #insideSession: (() => boolean) | undefined;

  constructor(router: Router<QueryMessageContext>, options: QueryBusOptions) {
    this.#router = router;
    this.#envelopes = options.envelopes ?? new EnvelopeFactory({ source: 'local', clock: systemClock });
    this.#incarnation = options.incarnation;
    this.#insideSession = options.insideSession;
  }

  execute<Q extends Query>(query: Q, options?: ExecuteQueryOptions): Promise<ResultOf<Q>> {
    const route = this.#router.find(query);
    if (route === undefined) return Promise.reject(this.#router.noHandler(query));
    if (options?.after !== undefined) {
      try {
        this.#checkAfter(options.after, options.afterTimeoutInMs);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    const context = new QueryMessageContext(route.definition, this.#envelopes, options);
    return route.run(query, context) as Promise<ResultOf<Q>>;
  }

  describe(): readonly PipelineDescription[] {
    return this.#router.describe();
  }

  // Also for a query that reads no read model: the same token must not be good for one query and not for another.
  #checkAfter(after: ConsistencyToken, timeoutInMs = 0): void {
    if (this.#insideSession?.()) throw afterInHandler();
    if (!(timeoutInMs >= 0)) {
      throw new ProgrammingError(
        'option-invalid',
        `\`afterTimeoutInMs\` is ${timeoutInMs}; it must be a number of milliseconds, 0 or more.`,
        { option: 'afterTimeoutInMs' },
      );
    }
    const { incarnation } = parseConsistency(after);
    const own = this.#incarnation?.();
    if (own !== undefined && own !== incarnation) throw new ForeignConsistencyError(incarnation, own);
  }
}

function afterInHandler(): DiptychError {
  return new ProgrammingError(
    'after-in-handler',
    'A query with `after` was executed inside a command handler: the read models cannot catch up with what is not committed.',
  );
}

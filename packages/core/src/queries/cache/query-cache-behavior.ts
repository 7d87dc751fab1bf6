import type { Clock } from '../../clock/clock.js';
import type { MessageHandlerRegistration } from '../../handlers/registration.js';
import type { Behavior, Step } from '../../pipeline/behavior.js';
import { type Logger, silentLogger } from '../../telemetry/logger.js';
import type { Telemetry } from '../../telemetry/telemetry.js';
import type { QueryMessageContext } from '../query-context.js';
import type { QueryRegistration } from '../query-handler.js';
import { AnswerMaker } from './answer-maker.js';
import { cacheMetrics } from './cache-metrics.js';
import { CachedQuery } from './cached-query.js';
import { GuardedStore } from './guarded-store.js';
import {
  defaultLeaseInMs,
  defaultStoreTimeoutInMs,
  defaultWaitInMs,
  type QueryCacheSettings,
} from './query-cache-options.js';
import type { QueryCacheStore } from './query-cache-store.js';

export interface QueryCacheBehaviorOptions extends QueryCacheSettings {
  readonly store: QueryCacheStore;
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** Whose handlers these are: programs that share a store do not share answers. Default: the empty name. */
  readonly program?: string | undefined;
  /** For handlers that name no limit of their own, in milliseconds. Default 30,000. */
  readonly timeoutInMs?: number | undefined;
  /** Which copies of read models a handler reads now, in words. Default: nothing is known of that. */
  readonly copiesReadBy?:
    | ((handler: MessageHandlerRegistration) => (() => Promise<string>) | undefined)
    | undefined;
  /** A number from 0 up to 1, for jitter and early refreshes. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Gives an answer again to whoever asks the same, within its time, and lets one make it for all who ask. It stands behind
 * authorization, so each caller is still asked about, and before whatever touches a store. An answer carries how far the
 * read models had come, so a query with `after` is only given one that holds what it asks for.
 */
export function queryCacheBehavior(options: QueryCacheBehaviorOptions): Behavior<QueryMessageContext> {
  const { clock, logger = silentLogger, program = '', random = Math.random } = options;
  const metrics = cacheMetrics(options.telemetry);
  const { storeTimeoutInMs: timeoutInMs = defaultStoreTimeoutInMs } = options;
  const store = new GuardedStore(options.store, { clock, timeoutInMs, metrics, logger });
  const { leaseInMs = defaultLeaseInMs, waitInMs = defaultWaitInMs } = options;
  return {
    name: 'cache',
    wrap(next, handler) {
      const { cache, timeoutInMs: own } = handler as QueryRegistration;
      if (cache === undefined) return next;
      // A query is answered in a context of its own, made of the caller's, that has nothing but what all of them have.
      const inner = next as unknown as Step<QueryMessageContext>;
      const parts = { cache, clock, metrics, random };
      const maker = new AnswerMaker({ ...parts, next: inner, store, leaseInMs, waitInMs });
      const limitInMs = own ?? options.timeoutInMs ?? 30_000;
      const copiesRead = options.copiesReadBy?.(handler);
      const cached = new CachedQuery({ ...parts, maker, program, copiesRead, limitInMs, logger });
      return (query, context) => cached.ask(query, context);
    },
  };
}

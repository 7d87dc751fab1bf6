import type { Clock } from '../clock/clock.js';
import { authorizationBehavior } from '../pipeline/authorization-behavior.js';
import type { Behavior } from '../pipeline/behavior.js';
import { loggingBehavior } from '../pipeline/logging-behavior.js';
import { ownBehaviors } from '../pipeline/own-behaviors.js';
import { retryBehavior } from '../pipeline/retry-behavior.js';
import { defaultQueryRetry, type RetryPolicy } from '../pipeline/retry-policy.js';
import { timeoutBehavior } from '../pipeline/timeout-behavior.js';
import { tracingBehavior } from '../pipeline/tracing-behavior.js';
import { type Logger, silentLogger } from '../telemetry/logger.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import { type QueryCacheBehaviorOptions, queryCacheBehavior } from './cache/query-cache-behavior.js';
import type { QueryMessageContext } from './query-context.js';

export interface QueryBehaviorsOptions {
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** For handlers that name no limit of their own, in milliseconds. Default 30,000. */
  readonly timeoutInMs?: number | undefined;
  /** For all handlers; a handler's own rules come before these. Default `defaultQueryRetry`. */
  readonly retry?: RetryPolicy | undefined;
  /** Where answers are kept, and how. Default: none are. */
  readonly cache?:
    | Pick<
        QueryCacheBehaviorOptions,
        'store' | 'storeTimeoutInMs' | 'leaseInMs' | 'waitInMs' | 'program' | 'copiesReadBy' | 'random'
      >
    | undefined;
  /** The program's own, between time-out and cache. */
  readonly behaviors?: readonly Behavior<QueryMessageContext>[] | undefined;
  /** What gives handlers their read models and waits for `after`. Default: nothing. */
  readonly readModels?: Behavior<QueryMessageContext> | undefined;
}

/** What happens around every query handler, outermost first. */
export function queryBehaviors(options: QueryBehaviorsOptions): readonly Behavior<QueryMessageContext>[] {
  const { clock, logger = silentLogger, telemetry, timeoutInMs, behaviors = [], readModels, cache } = options;
  return [
    tracingBehavior({ telemetry, clock }),
    loggingBehavior({ logger, clock }),
    authorizationBehavior(),
    timeoutBehavior({ clock, timeoutInMs }),
    ...ownBehaviors(behaviors),
    ...(cache === undefined ? [] : [queryCacheBehavior({ clock, logger, telemetry, timeoutInMs, ...cache })]),
    retryBehavior({ clock, policy: options.retry ?? defaultQueryRetry }),
    ...(readModels === undefined ? [] : [readModels]),
  ];
}

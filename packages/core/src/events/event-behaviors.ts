import type { Clock } from '../clock/clock.js';
import type { Behavior } from '../pipeline/behavior.js';
import { loggingBehavior } from '../pipeline/logging-behavior.js';
import { ownBehaviors } from '../pipeline/own-behaviors.js';
import { retryBehavior } from '../pipeline/retry-behavior.js';
import { defaultCommandRetry, type RetryPolicy } from '../pipeline/retry-policy.js';
import { timeoutBehavior } from '../pipeline/timeout-behavior.js';
import { tracingBehavior } from '../pipeline/tracing-behavior.js';
import { type Logger, silentLogger } from '../telemetry/logger.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { EventMessageContext } from './event-context.js';

export interface EventBehaviorsOptions {
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** For handlers that name no limit of their own, in milliseconds. Default 30,000. */
  readonly timeoutInMs?: number | undefined;
  /** For all handlers; a handler's own rules come before these. Default: that of commands. */
  readonly retry?: RetryPolicy | undefined;
  /** The program's own, between time-out and retry. */
  readonly behaviors?: readonly Behavior<EventMessageContext>[] | undefined;
}

/** What happens around every event handler, outermost first. The consumer adds `prepare` and the unit of work. */
export function eventBehaviors(options: EventBehaviorsOptions): readonly Behavior<EventMessageContext>[] {
  const { clock, logger = silentLogger, telemetry, timeoutInMs, behaviors = [] } = options;
  return [
    tracingBehavior({ telemetry, clock }),
    loggingBehavior({ logger, clock }),
    timeoutBehavior({ clock, timeoutInMs }),
    ...ownBehaviors(behaviors),
    retryBehavior({ clock, policy: options.retry ?? defaultCommandRetry }),
  ];
}

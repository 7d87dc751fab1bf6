import type { Clock } from '../clock/clock.js';
import { authorizationBehavior } from '../pipeline/authorization-behavior.js';
import type { Behavior } from '../pipeline/behavior.js';
import { loggingBehavior } from '../pipeline/logging-behavior.js';
import { ownBehaviors } from '../pipeline/own-behaviors.js';
import { retryBehavior } from '../pipeline/retry-behavior.js';
import { defaultCommandRetry, type RetryPolicy } from '../pipeline/retry-policy.js';
import { timeoutBehavior } from '../pipeline/timeout-behavior.js';
import { tracingBehavior } from '../pipeline/tracing-behavior.js';
import { type Logger, silentLogger } from '../telemetry/logger.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { CommandMessageContext } from './command-context.js';
import { idempotencyBehavior } from './idempotency-behavior.js';

export interface CommandBehaviorsOptions {
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** For handlers that name no limit of their own, in milliseconds. Default 30,000. */
  readonly timeoutInMs?: number | undefined;
  /** For all handlers; a handler's own rules come before these. Default `defaultCommandRetry`. */
  readonly retry?: RetryPolicy | undefined;
  /** How long a copy of a command waits for the first one, in milliseconds. Default 5,000. */
  readonly waitInMs?: number | undefined;
  /** How long commands with an id from outside are remembered, in milliseconds. Default 7 days. */
  readonly rememberForMs?: number | undefined;
  /** The program's own, between time-out and idempotency. */
  readonly behaviors?: readonly Behavior<CommandMessageContext>[] | undefined;
}

/** What happens around every command handler, outermost first. The bus adds `prepare` and the unit of work. */
export function commandBehaviors(
  options: CommandBehaviorsOptions,
): readonly Behavior<CommandMessageContext>[] {
  const { clock, logger = silentLogger, telemetry, timeoutInMs, behaviors = [] } = options;
  const { retry: policy = defaultCommandRetry, waitInMs, rememberForMs } = options;
  return [
    tracingBehavior({ telemetry, clock }),
    loggingBehavior({ logger, clock }),
    authorizationBehavior(),
    timeoutBehavior({ clock, timeoutInMs }),
    ...ownBehaviors(behaviors),
    idempotencyBehavior({ clock, waitInMs, rememberForMs }),
    retryBehavior({ clock, policy }),
  ];
}

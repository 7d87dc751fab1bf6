import type { Clock } from '../clock/clock.js';
import { isDiptychError } from '../errors/diptych-error.js';
import { type Logger, silentLogger } from '../telemetry/logger.js';
import type { Behavior } from './behavior.js';
import type { MessageContext } from './message-context.js';

export interface LoggingBehaviorOptions {
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * One line for each message: `debug` when it was handled, `info` when it was refused, `error` when something is
 * broken. Data of messages is never logged.
 */
export function loggingBehavior({ logger, clock }: LoggingBehaviorOptions): Behavior<MessageContext> {
  return {
    name: 'logging',
    wrap(next, handler) {
      if (logger === silentLogger) return next;
      const { wireName, kind } = handler.message;
      return (message, context) => {
        const start = clock.now();
        return next(message, context).then(
          (result) => {
            logger.debug('handled', {
              kind,
              wireName,
              messageId: context.id,
              durationInMs: clock.now() - start,
            });
            return result;
          },
          (error: unknown) => {
            const facts = { kind, wireName, messageId: context.id, durationInMs: clock.now() - start };
            report(logger, error, {
              ...facts,
              handler: handler.name,
              correlationId: context.meta.correlationId,
            });
            throw error;
          },
        );
      };
    },
  };
}

function report(logger: Logger, error: unknown, facts: Readonly<Record<string, unknown>>): void {
  const reason = error instanceof Error ? error.message : String(error);
  const code = isDiptychError(error) ? error.code : undefined;
  if (isDiptychError(error) && error.origin === 'message') {
    logger.info('refused', { ...facts, code, reason });
  } else {
    const stack = error instanceof Error ? error.stack : undefined;
    logger.error('failed', { ...facts, code, reason, stack });
  }
}

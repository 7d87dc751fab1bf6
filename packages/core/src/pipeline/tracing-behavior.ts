import type { Clock } from '../clock/clock.js';
import { isDiptychError } from '../errors/diptych-error.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { Behavior } from './behavior.js';
import type { MessageContext } from './message-context.js';

export interface TracingBehaviorOptions {
  readonly telemetry: Telemetry | undefined;
  readonly clock: Clock;
}

/**
 * A span and a duration for each message. Commands, queries and events have metrics of their own:
 * `diptych.command.duration`, `diptych.query.duration` and `diptych.event.duration`, in seconds, by wire name and
 * outcome (`ok` or the error's code). Without telemetry it is not in the pipeline at all.
 */
export function tracingBehavior({ telemetry, clock }: TracingBehaviorOptions): Behavior<MessageContext> {
  return {
    name: 'tracing',
    wrap(next, { message: { kind, wireName } }) {
      if (telemetry === undefined) return next;
      const record = telemetry.histogram(`diptych.${kind}.duration`, {
        unit: 's',
        description: `How long the handling of a ${kind} took.`,
      });
      const attributes = { 'diptych.message.kind': kind, 'diptych.message.name': wireName };
      return async (message, context) => {
        const start = clock.now();
        let outcome = 'ok';
        try {
          const { traceparent, tracestate } = context.options;
          const parent = traceparent === undefined ? {} : { traceparent, ...(tracestate && { tracestate }) };
          return await telemetry.span({ name: `${kind} ${wireName}`, attributes, parent }, (span) => {
            context.trace = span.context;
            return next(message, context);
          });
        } catch (error) {
          outcome = isDiptychError(error) ? error.code : 'error';
          throw error;
        } finally {
          record((clock.now() - start) / 1000, { ...attributes, 'diptych.outcome': outcome });
        }
      };
    },
  };
}

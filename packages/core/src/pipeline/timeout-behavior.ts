import type { Clock } from '../clock/clock.js';
import { Deadlines } from '../clock/deadlines.js';
import { DiptychError } from '../errors/diptych-error.js';
import { OutcomeUnknownError, TimeLimitError } from '../errors/infrastructure-errors.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import type { Behavior, Step } from './behavior.js';
import type { MessageContext } from './message-context.js';

export interface TimeoutBehaviorOptions {
  readonly clock: Clock;
  /** For handlers that name no limit of their own, in milliseconds. Default 30,000. */
  readonly timeoutInMs?: number | undefined;
}

/** The caller went away before there was an answer. Nothing was committed. */
export class AbortedError extends DiptychError {
  constructor(wireName: string, cause: unknown) {
    super({
      code: 'aborted',
      message: `The caller of '${wireName}' stopped waiting.`,
      details: { wireName },
      cause,
    });
  }
}

/**
 * Ends the waiting for a handler when its time is over or its caller has gone, and aborts its signal. While a
 * unit of work holds the outcome, its end is waited for: it rolls back, or has committed already.
 */
export function timeoutBehavior({
  clock,
  timeoutInMs = 30_000,
}: TimeoutBehaviorOptions): Behavior<MessageContext> {
  const byLimit = new Map<number, Deadlines>();
  return {
    name: 'time-out',
    wrap(next, handler) {
      const limit = limitOf(handler) ?? timeoutInMs;
      const deadlines = byLimit.get(limit) ?? new Deadlines(clock, limit);
      byLimit.set(limit, deadlines);
      return limited(next, deadlines, limit, clock);
    },
  };
}

function limitOf(handler: MessageHandlerRegistration): number | undefined {
  return (handler as { timeoutInMs?: number }).timeoutInMs;
}

function limited<Context extends MessageContext>(
  next: Step<Context>,
  deadlines: Deadlines,
  limit: number,
  clock: Clock,
): Step<Context> {
  return (message, context) => {
    const { abortSignal, timeoutInMs } = context.options;
    if (abortSignal !== undefined || timeoutInMs !== undefined) {
      if (timeoutInMs !== undefined && !(timeoutInMs > 0)) return Promise.reject(noLimit(timeoutInMs));
      return limitedByCaller(next, message, context, timeoutInMs ?? limit, clock);
    }
    return new Promise((resolve, reject) => {
      const deadline = deadlines.set(() => giveUp(context, timeLimit(context, limit), reject));
      next(message, context).then(
        (result) => {
          deadlines.cancel(deadline);
          resolve(result);
        },
        (error: unknown) => {
          deadlines.cancel(deadline);
          reject(error);
        },
      );
    });
  };
}

function limitedByCaller<Context extends MessageContext>(
  next: Step<Context>,
  message: object,
  context: Context,
  limit: number,
  clock: Clock,
): Promise<unknown> {
  const { abortSignal } = context.options;
  const gone = () => new AbortedError(context.name, abortSignal?.reason);
  if (abortSignal?.aborted) return Promise.reject(gone());
  return new Promise((resolve, reject) => {
    const leave = () => giveUp(context, gone(), reject);
    abortSignal?.addEventListener('abort', leave, { once: true });
    const cancel = clock.after(limit, () => giveUp(context, timeLimit(context, limit), reject), {
      background: true,
    });
    const end = () => {
      cancel();
      abortSignal?.removeEventListener('abort', leave);
    };
    next(message, context).finally(end).then(resolve, reject);
  });
}

function giveUp(context: MessageContext, reason: DiptychError, reject: (reason: unknown) => void): void {
  context.abort(reason);
  if (!context.committing) reject(context.committed ? committedBefore(context, reason) : reason);
}

/** Behaviors of the program's own may take their time behind the commit. */
function committedBefore({ name }: MessageContext, cause: DiptychError): OutcomeUnknownError {
  const message = `'${name}' was committed; what is done behind the commit had not ended when nobody waited any more.`;
  return new OutcomeUnknownError(message, { wireName: name }, cause);
}

function noLimit(timeoutInMs: number): ProgrammingError {
  return new ProgrammingError(
    'option-invalid',
    `\`timeoutInMs\` is ${timeoutInMs}; it must be a number of milliseconds above 0.`,
    { option: 'timeoutInMs' },
  );
}

function timeLimit({ name }: MessageContext, limitInMs: number): TimeLimitError {
  return new TimeLimitError(`'${name}' took longer than ${limitInMs} ms.`, { wireName: name, limitInMs });
}

import { type Clock, sleep } from '../clock/clock.js';
import { within } from '../clock/within.js';
import { DiptychError, isDiptychError } from '../errors/diptych-error.js';
import type { Behavior, Step } from '../pipeline/behavior.js';
import { defaultRememberForMs } from '../unit-of-work/inbox.js';
import type { ClaimRequest } from '../unit-of-work/unit-of-work-request.js';
import { claimFor } from './command-claim.js';
import type { CommandMessageContext, Written } from './command-context.js';
import type { CommandRegistration } from './command-handler.js';

export interface IdempotencyBehaviorOptions {
  readonly clock: Clock;
  /** How long a copy waits for the first one, in milliseconds. Default 5,000. */
  readonly waitInMs?: number | undefined;
  /** How long a command is remembered unless its handler says otherwise, in milliseconds. Default 7 days. */
  readonly rememberForMs?: number | undefined;
}

/** A command that is running in this process, for its copies to wait for. */
interface Flight {
  readonly fingerprint: string;
  /** Never rejects: a copy of a command that failed is a command that runs. */
  readonly end: Promise<{ readonly result: unknown; readonly written: Written | undefined } | undefined>;
}

/** Pauses before an unknown commit is asked about again. */
const settleDelaysInMs = [20, 100, 500] as const;
/**
 * Makes a command with an id from outside run once. Copies in this process wait for the first of them; those in
 * other processes wait in the store, at the claim. When a commit's outcome is unknown, claiming again finds out.
 */
export function idempotencyBehavior(options: IdempotencyBehaviorOptions): Behavior<CommandMessageContext> {
  const { clock, waitInMs = 5_000, rememberForMs = defaultRememberForMs } = options;
  const flights = new Map<string, Flight>();
  return {
    name: 'idempotency',
    wrap(next, registration) {
      const handler = registration as CommandRegistration;
      return (message, context) => {
        const claim = claimFor(message, context, handler, { waitInMs, rememberForMs });
        if (claim === undefined) return next(message, context);
        context.claim = claim;
        return once(flights, claim, context, clock, () => settle(next, message, context, clock));
      };
    },
  };
}

function once(
  flights: Map<string, Flight>,
  claim: ClaimRequest,
  context: CommandMessageContext,
  clock: Clock,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const { tenant, handler, scope, id, fingerprint } = claim.key;
  const key = JSON.stringify([tenant, handler, scope, id]);
  const first = () => fly(flights, key, fingerprint, context, run);
  return flights.has(key) ? afterOthers(flights, key, claim, context, clock, first) : first();
}

async function afterOthers(
  flights: Map<string, Flight>,
  key: string,
  claim: ClaimRequest,
  context: CommandMessageContext,
  clock: Clock,
  first: () => Promise<unknown>,
): Promise<unknown> {
  const until = clock.now() + claim.waitInMs;
  for (let flight = flights.get(key); flight !== undefined; flight = flights.get(key)) {
    const ended = await endOf(flight, until - clock.now(), clock, context);
    if (ended === undefined) continue;
    if (flight.fingerprint !== claim.key.fingerprint) throw mismatch(context);
    context.written = ended.written;
    return ended.result;
  }
  return first();
}

function fly(
  flights: Map<string, Flight>,
  key: string,
  fingerprint: string,
  context: CommandMessageContext,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const running = run();
  const end = running.then(
    (result) => {
      flights.delete(key);
      return { result, written: context.written };
    },
    () => void flights.delete(key),
  );
  flights.set(key, { fingerprint, end });
  return running;
}

async function endOf(flight: Flight, waitInMs: number, clock: Clock, context: CommandMessageContext) {
  const ended = await within(clock, waitInMs, flight.end);
  if (ended !== 'time-over') return ended;
  throw new DiptychError({
    code: 'command-in-progress',
    message: `A copy of this '${context.name}' is still running.`,
    retryable: true,
    details: { wireName: context.name },
  });
}

/** The id is the same, so claiming it on a fresh connection tells whether the first attempt was committed. */
function settle<Context extends CommandMessageContext>(
  next: Step<Context>,
  message: object,
  context: Context,
  clock: Clock,
): Promise<unknown> {
  const again = async (error: unknown): Promise<unknown> => {
    let last = error;
    for (const delay of settleDelaysInMs) {
      if (!isDiptychError(last, 'outcome-unknown') || context.aborted) throw last;
      await sleep(clock, delay, context.abortSignal);
      try {
        return await next(message, context);
      } catch (failure) {
        last = failure;
      }
    }
    throw last;
  };
  return next(message, context).catch(again);
}

function mismatch({ name }: CommandMessageContext): DiptychError {
  return new DiptychError({
    code: 'idempotency-mismatch',
    message: `This key was used for a '${name}' with other data.`,
    details: { wireName: name },
  });
}

import type { Clock } from '../clock/clock.js';
import { isDiptychError } from '../errors/diptych-error.js';
import { parseConsistency } from '../journal/consistency-token.js';
import { encodeData } from '../messages/message-codec.js';
import type { Behavior, Step } from '../pipeline/behavior.js';
import { untilAborted } from '../pipeline/until-aborted.js';
import { type AnsweredAt, covers, type QueryMessageContext } from './query-context.js';
import type { QueryRegistration } from './query-handler.js';

export interface QueryCacheBehaviorOptions {
  readonly clock: Clock;
  /** How many answers are kept at most; the one not asked for longest goes first. Default 1,000. */
  readonly maxEntries?: number | undefined;
}

interface Answer {
  readonly result: unknown;
  readonly answeredAt: AnsweredAt | undefined;
  readonly until: number;
}

/** An answer being made, for others who ask the same to wait for; `undefined` when it failed. */
type Flight = Promise<Answer | undefined>;

/**
 * Gives an answer again to whoever asks the same, as the same subject, within its time. It stands behind
 * authorization, so each caller is still asked about. An answer carries how far the read models had come, so a
 * query with `after` is only given one that is fresh enough.
 */
export function queryCacheBehavior({
  clock,
  maxEntries = 1_000,
}: QueryCacheBehaviorOptions): Behavior<QueryMessageContext> {
  const answers = new Map<string, Answer>();
  const flights = new Map<string, Flight>();
  return {
    name: 'cache',
    wrap(next, handler) {
      const { cache } = handler as QueryRegistration;
      if (cache === undefined) return next;
      const ask = async (query: object, context: Parameters<typeof next>[1]): Promise<unknown> => {
        const key = keyOf(query, context);
        const known = take(answers, key, clock);
        if (known !== undefined && freshEnough(known, context)) return known.result;
        // One that asks for a certain freshness may not be content with what is on its way.
        const flight = context.after === undefined ? flights.get(key) : undefined;
        if (flight !== undefined) {
          const answer = await flight;
          // When that one failed, the others ask again, and share the next.
          return answer === undefined ? ask(query, context) : answer.result;
        }
        // One that nobody waits for any more may never end, and must not keep the others waiting.
        const making = untilAborted(
          make(next, query, context, () => clock.now() + cache.ttlInMs),
          context.abortable,
        );
        const quiet = making.catch(() => undefined);
        flights.set(key, quiet);
        try {
          const answer = await making;
          keep(answers, key, answer, maxEntries);
          return answer.result;
        } finally {
          if (flights.get(key) === quiet) flights.delete(key);
        }
      };
      return ask;
    },
  };
}

async function make<Context extends QueryMessageContext>(
  next: Step<Context>,
  query: object,
  context: Context,
  until: () => number,
): Promise<Answer> {
  const result = await next(query, context);
  return { result, answeredAt: context.answeredAt, until: until() };
}

function take(answers: Map<string, Answer>, key: string, clock: Clock): Answer | undefined {
  const known = answers.get(key);
  if (known === undefined) return undefined;
  answers.delete(key);
  if (known.until <= clock.now()) return undefined;
  answers.set(key, known);
  return known;
}

function keep(answers: Map<string, Answer>, key: string, answer: Answer, maxEntries: number): void {
  answers.delete(key);
  answers.set(key, answer);
  if (answers.size <= maxEntries) return;
  const oldest = answers.keys().next().value;
  if (oldest !== undefined) answers.delete(oldest);
}

function freshEnough({ answeredAt }: Answer, { after }: QueryMessageContext): boolean {
  if (after === undefined) return true;
  try {
    return covers(answeredAt, parseConsistency(after));
  } catch (error) {
    // What is wrong with the token is for the freshness check to say.
    if (isDiptychError(error)) return false;
    throw error;
  }
}

function keyOf(query: object, { name, tenant, subject }: QueryMessageContext): string {
  return JSON.stringify([
    name,
    tenant,
    subject.id,
    subject.roles,
    subject.delegated === true,
    encodeData(query),
  ]);
}

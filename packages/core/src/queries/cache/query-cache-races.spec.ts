import { FakeClock, seededRandom } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sleep } from '../../clock/clock.js';
import { UnavailableError } from '../../errors/infrastructure-errors.js';
import { authenticated } from '../../handlers/policy.js';
import { type ConsistencyToken, formatConsistency } from '../../journal/consistency-token.js';
import { MemoryQueryCacheStore } from '../../memory/memory-query-cache-store.js';
import { query } from '../../messages/query.js';
import { positionAt } from '../../partitions/position.js';
import type { Behavior } from '../../pipeline/behavior.js';
import { createQueryBus } from '../create-query-bus.js';
import { queryBehaviors } from '../query-behaviors.js';
import type { QueryMessageContext } from '../query-context.js';
import { queryHandler } from '../query-handler.js';
import type { QueryCacheStore } from './query-cache-store.js';

// Many askers in some processes, while the handler fails, hangs and takes its time, and the store is slow and away.
// Time is the fake clock's.

const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 1_000 : 50 }, (_, at) => at + 1);

class State extends query('spec.State', z.object({ of: z.string() })).returns<Answer>() {}

interface Answer {
  readonly of: string;
  readonly whose: string;
  /** When the handler looked, and what was written by then. */
  readonly lookedAt: number;
  readonly row: number;
}

interface Run {
  readonly question: string;
  readonly at: number;
}

const ttlInMs = 1_000;
const limitInMs = 3_000;
const at = (row: number) => positionAt(row, 0);
const holding = (row: number): ConsistencyToken =>
  formatConsistency({ incarnation: 'spec', ranges: [{ partition: 0, first: at(row), last: at(row) }] });

interface Faults {
  /** How likely a call of the store fails, or takes a while. */
  readonly store: number;
  /** How likely a run of the handler fails, or never ends. */
  readonly handler: number;
  /** Whether callers go away, ask for what was just written, and answers are made anew early. */
  readonly unrest: boolean;
}

function world(
  seed: number,
  { store: storeFaults, handler: handlerFaults, unrest }: Faults,
  staleForMs: number,
) {
  const random = seededRandom(seed);
  const clock = new FakeClock();
  const memory = new MemoryQueryCacheStore({ clock });
  const runs: Run[] = [];
  let written = 1;

  const troubled = async <T>(call: () => Promise<T>): Promise<T> => {
    if (random() < storeFaults) {
      if (random() < 0.3) throw new UnavailableError('It is away.');
      await sleep(clock, random() * 150);
    }
    const result = await call();
    if (random() < storeFaults) await sleep(clock, random() * 150);
    return result;
  };
  const store: QueryCacheStore = {
    look: (...call) => troubled(() => memory.look(...call)),
    keep: (...call) => troubled(() => memory.keep(...call)),
    release: (...call) => troubled(() => memory.release(...call)),
  };

  /** Stands for read models that are as far as what was written. */
  const readModels: Behavior<QueryMessageContext> = {
    name: 'read models',
    wrap: (next) => (message, context) => {
      context.answeredAt = { incarnation: 'spec', positions: new Map([[0, at(written)]]) };
      return next(message, context);
    },
  };
  const openProcess = () => {
    const handler = queryHandler(
      State,
      {
        authorize: authenticated,
        cache: { ttlInMs, staleForMs, earlyRefresh: unrest ? 0.5 : 0 },
        timeoutInMs: limitInMs,
        retry: {},
      },
      async ({ of }, { subject }) => {
        runs.push({ question: `${of} ${subject.id}`, at: clock.now() });
        const answer = { of, whose: subject.id, lookedAt: clock.now(), row: written };
        if (random() < handlerFaults) {
          if (random() < 0.3) await new Promise(() => {});
          throw new UnavailableError('The handler fails.');
        }
        await sleep(clock, random() * 400);
        return answer;
      },
    );
    const cache = { store, random, leaseInMs: 2_000, waitInMs: 500 };
    const behaviors = queryBehaviors({ clock, readModels, cache, retry: {} });
    return createQueryBus({ handlers: [handler], behaviors });
  };
  const write = () => ++written;
  return { random, clock, runs, write, processes: [1, 2, 3].map(openProcess) };
}

async function play(seed: number, faults: Faults, staleForMs = 0) {
  const { random, clock, runs, write, processes } = world(seed, faults, staleForMs);
  const answers: { answer: Answer; of: string; whose: string; askedAt: number; row: number }[] = [];
  let asked = 0;
  const ask = async () => {
    const bus = processes[Math.floor(random() * processes.length)]!;
    const [of, whose] = [random() < 0.7 ? 'a' : 'b', random() < 0.8 ? 'ann' : 'bob'];
    const row = faults.unrest && random() < 0.1 ? write() : 0;
    const caller = new AbortController();
    if (faults.unrest && random() < 0.1) clock.after(random() * 300, () => caller.abort());
    asked++;
    const askedAt = clock.now();
    const answer = await bus
      .execute(new State({ of }), {
        subject: { id: whose, roles: [] },
        abortSignal: caller.signal,
        ...(row > 0 && { after: holding(row) }),
      })
      .catch((error: { code?: string }) => error.code);
    if (typeof answer === 'object') answers.push({ answer, of, whose, askedAt, row });
    else expect(['unavailable', 'aborted', 'time-limit']).toContain(answer);
  };
  const asking: Promise<void>[] = [];
  for (let step = 0; step < 60; step++) {
    for (let many = Math.floor(random() * 5); many > 0; many--) asking.push(ask());
    await clock.advance(random() * 200);
  }
  await clock.advance(3 * limitInMs);
  await Promise.all(asking);
  return { answers, runs, asked };
}

const faulty: Faults = { store: 0.2, handler: 0.2, unrest: true };
const sound: Faults = { store: 0, handler: 0, unrest: false };

describe('askers of a few questions in three processes', () => {
  test.each(seeds)('get their own answer, and none that is too old (seed %i)', async (seed) => {
    const staleForMs = seed % 2 === 0 ? 500 : 0;
    const { answers, asked, runs } = await play(seed, faulty, staleForMs);
    for (const { answer, of, whose, askedAt, row } of answers) {
      expect(answer).toMatchObject({ of, whose });
      expect(askedAt - answer.lookedAt).toBeLessThan(ttlInMs + staleForMs);
      expect(answer.row).toBeGreaterThanOrEqual(row);
    }
    expect(answers.length).toBeGreaterThan(asked / 4);
    expect(runs.length).toBeLessThan(asked);
  });

  test.each(seeds)(
    'cost one run of the handler for each window, in all processes together (seed %i)',
    async (seed) => {
      const { runs } = await play(seed, sound);
      const last = new Map<string, number>();
      for (const { question, at: now } of runs) {
        // An answer may live a tenth shorter, by chance.
        expect(now - (last.get(question) ?? 0)).toBeGreaterThanOrEqual(0.9 * ttlInMs);
        last.set(question, now);
      }
      expect(runs.length).toBeGreaterThan(10);
    },
  );
});

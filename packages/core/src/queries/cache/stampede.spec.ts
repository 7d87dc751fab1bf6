import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sleep } from '../../clock/clock.js';
import { RefusedError } from '../../errors/domain-errors.js';
import { authenticated } from '../../handlers/policy.js';
import { MemoryQueryCacheStore } from '../../memory/memory-query-cache-store.js';
import { query } from '../../messages/query.js';
import { createQueryBus } from '../create-query-bus.js';
import { queryBehaviors } from '../query-behaviors.js';
import type { ExecuteQueryOptions } from '../query-bus.js';
import type { QueryContext } from '../query-context.js';
import { queryHandler } from '../query-handler.js';
import type { QueryCacheOptions } from './query-cache-options.js';
import type { QueryCacheStore } from './query-cache-store.js';

class Total extends query('spec.Total', z.object({ of: z.string() })).returns<unknown>() {}
const total = new Total({ of: 'all' });
const subject = { id: 'ann', roles: [] };
const forgetful: QueryCacheStore = {
  look: async () => ({ at: 0, answer: undefined, claimed: false }),
  keep: async () => false,
  release: async () => {},
};

interface Surroundings {
  readonly clock: FakeClock;
  readonly store: QueryCacheStore;
}

interface ProcessOptions {
  readonly cache?: Partial<QueryCacheOptions>;
  readonly waitInMs?: number;
  readonly random?: () => number;
  readonly timeoutInMs?: number;
}

const place = (clock = new FakeClock()): Surroundings => ({
  clock,
  store: new MemoryQueryCacheStore({ clock }),
});

/** A process whose handler tells its runs, and ends them by `open`. */
function process({ clock, store }: Surroundings, given: ProcessOptions = {}) {
  const { cache = {}, timeoutInMs = 30_000, ...settings } = given;
  const runs: ((answer: unknown) => void)[] = [];
  const signals: AbortSignal[] = [];
  const handle = (_asked: Total, { abortSignal }: QueryContext) =>
    new Promise((resolve, reject) => {
      signals.push(abortSignal);
      runs.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  const handler = queryHandler(
    Total,
    { authorize: authenticated, cache: { ttlInMs: 1_000, jitter: 0, ...cache }, timeoutInMs },
    handle,
  );
  const behaviors = queryBehaviors({ clock, cache: { store, leaseInMs: 5_000, ...settings } });
  const bus = createQueryBus({ handlers: [handler], behaviors });
  const ask = (options: ExecuteQueryOptions = {}) => {
    const asked = bus.execute(total, { subject, ...options });
    // Some fail before the test looks at them.
    asked.catch(() => undefined);
    return asked;
  };
  return { ask, runs, signals };
}

const settled = (clock: FakeClock) => clock.advance(0);
const outcomes = async (asked: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(asked)).map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code));

describe('one process', () => {
  test('makes one answer for all who ask the same at once, each with one of their own', async () => {
    const world = place();
    const { ask, runs } = process(world);
    const asked = [ask(), ask(), ask()];
    await settled(world.clock);
    expect(runs).toHaveLength(1);
    runs[0]!({ total: 1 });
    const answers = await Promise.all(asked);
    expect(answers).toEqual([{ total: 1 }, { total: 1 }, { total: 1 }]);
    expect(new Set(answers).size).toBe(3);
  });

  test('gives a failure to all who waited for it, and asks again for the next', async () => {
    const world = place();
    const { ask, runs } = process(world);
    const asked = [ask(), ask()];
    await settled(world.clock);
    runs[0]!(new RefusedError('not-yet', 'Not yet.'));
    expect(await outcomes(asked)).toEqual(['not-yet', 'not-yet']);
    const next = ask();
    await settled(world.clock);
    runs[1]!(2);
    expect(await next).toBe(2);
  });

  test('whoever goes, first or later, leaves the others waiting', async () => {
    const world = place();
    const { ask, runs, signals } = process(world);
    const [first, third] = [new AbortController(), new AbortController()];
    const asked = [ask({ abortSignal: first.signal }), ask(), ask({ abortSignal: third.signal })];
    await settled(world.clock);
    first.abort();
    third.abort();
    await settled(world.clock);
    expect(signals[0]!.aborted).toBe(false);
    runs[0]!(1);
    expect(await outcomes(asked)).toEqual(['aborted', 1, 'aborted']);
    expect(runs).toHaveLength(1);
  });

  test('when the last has gone the handler is told, and the next who asks begins anew', async () => {
    const world = place();
    const { ask, runs, signals } = process(world);
    const gone = new AbortController();
    const asked = [ask({ abortSignal: gone.signal }), ask({ timeoutInMs: 100 })];
    await settled(world.clock);
    gone.abort();
    await world.clock.advance(99);
    expect(signals[0]!.aborted).toBe(false);
    await world.clock.advance(1);
    expect(signals[0]!.aborted).toBe(true);
    expect(await outcomes(asked)).toEqual(['aborted', 'time-limit']);
    const next = ask();
    await settled(world.clock);
    runs[1]!(2);
    expect(await next).toBe(2);
  });

  test('one that never ends costs those who came later no more than its own time', async () => {
    const world = place();
    const { ask, runs } = process(world, { timeoutInMs: 900 });
    const asked = [ask()];
    await world.clock.advance(500);
    asked.push(ask(), ask());
    await world.clock.advance(400);
    expect(runs).toHaveLength(2);
    runs[1]!(2);
    expect(await outcomes(asked)).toEqual(['time-limit', 2, 2]);
  });

  test('nobody waits for an answer that will be older than it may be', async () => {
    const world = place();
    const { ask, runs } = process(world);
    const asked = [ask()];
    await world.clock.advance(999);
    asked.push(ask());
    await world.clock.advance(1);
    asked.push(ask());
    await settled(world.clock);
    // The lease is the first one's: the other waits for as long as it may, and then makes one itself.
    await world.clock.advance(2_000);
    expect(runs).toHaveLength(2);
    runs[0]!(1);
    runs[1]!(2);
    expect(await outcomes(asked)).toEqual([1, 1, 2]);
  });

  test('nobody is given what was found for an earlier one, and is too old by now', async () => {
    const world = place();
    const { clock, store } = world;
    const look: QueryCacheStore['look'] = async (...call) => {
      const found = await store.look(...call);
      await sleep(clock, 20);
      return found;
    };
    const slow: QueryCacheStore = { look, keep: store.keep.bind(store), release: store.release.bind(store) };
    const { ask, runs } = process({ clock, store: slow });
    const first = ask();
    await clock.advance(40);
    runs[0]!(1);
    await first;
    // Its making began at 20 ms.
    await clock.advance(970);
    const asked = [ask()];
    await clock.advance(15);
    asked.push(ask());
    await clock.advance(100);
    runs[1]!(2);
    expect(await outcomes(asked)).toEqual([1, 2]);
  });

  test('makes one answer for all also where the store keeps none', async () => {
    const world = { ...place(), store: forgetful };
    const { ask, runs } = process(world, { waitInMs: 0 });
    const asked = [ask(), ask()];
    await settled(world.clock);
    expect(runs).toHaveLength(1);
    runs[0]!(1);
    expect(await outcomes(asked)).toEqual([1, 1]);
  });
});

describe('several processes', () => {
  test('one makes the answer, and the others wait for it', async () => {
    const world = place();
    const [one, other] = [process(world), process(world)];
    const asked = [one.ask(), other.ask(), other.ask()];
    await settled(world.clock);
    expect([one.runs.length, other.runs.length]).toEqual([1, 0]);
    one.runs[0]!(1);
    await world.clock.advance(200);
    expect(await outcomes(asked)).toEqual([1, 1, 1]);
    expect(other.runs).toHaveLength(0);
  });

  test('others do not wait longer than they may', async () => {
    const world = place();
    const [one, other] = [process(world), process(world, { waitInMs: 700 })];
    const asked = [one.ask(), other.ask()];
    await world.clock.advance(699);
    expect(other.runs).toHaveLength(0);
    await world.clock.advance(1);
    expect(other.runs).toHaveLength(1);
    other.runs[0]!(2);
    one.runs[0]!(1);
    expect(await outcomes(asked)).toEqual([1, 2]);
  });

  test('the lease of one that died runs out', async () => {
    const world = place();
    const [dead, other] = [process(world), process(world, { waitInMs: 60_000 })];
    dead.ask();
    const asked = other.ask({ timeoutInMs: 60_000 });
    await world.clock.advance(4_999);
    expect(other.runs).toHaveLength(0);
    await world.clock.advance(201);
    expect(other.runs).toHaveLength(1);
    other.runs[0]!(2);
    expect(await asked).toBe(2);
  });

  test('one that failed gives the lease back at once', async () => {
    const world = place();
    const [one, other] = [process(world), process(world)];
    const asked = [one.ask(), other.ask()];
    await settled(world.clock);
    one.runs[0]!(new RefusedError('not-yet', 'Not yet.'));
    await world.clock.advance(200);
    expect(other.runs).toHaveLength(1);
    other.runs[0]!(2);
    expect(await outcomes(asked)).toEqual(['not-yet', 2]);
  });
});

describe('an answer that is too old', () => {
  const cache = { staleForMs: 2_000 };

  async function withAnswer(options: ProcessOptions) {
    const world = place();
    const made = process(world, options);
    const first = made.ask();
    await settled(world.clock);
    made.runs[0]!(1);
    await first;
    return { ...world, ...made };
  }

  test('is given while one process makes a new one in the background', async () => {
    const one = await withAnswer({ cache });
    const other = process(one, { cache });
    await one.clock.advance(1_000);
    expect(await outcomes([one.ask(), one.ask(), other.ask(), other.ask()])).toEqual([1, 1, 1, 1]);
    await settled(one.clock);
    expect([one.runs.length, other.runs.length]).toEqual([2, 0]);
    one.runs[1]!(2);
    await settled(one.clock);
    expect(await outcomes([one.ask(), other.ask()])).toEqual([2, 2]);
  });

  test('is given no longer than was said, also when new ones cannot be made', async () => {
    const { clock, ask, runs } = await withAnswer({ cache });
    await clock.advance(2_999);
    expect(await ask()).toBe(1);
    await settled(clock);
    runs[1]!(new RefusedError('not-yet', 'Not yet.'));
    // What failed in the background is not tried again at once.
    expect(await outcomes([ask(), ask()])).toEqual([1, 1]);
    await settled(clock);
    expect(runs).toHaveLength(2);
    await clock.advance(1);
    const next = ask();
    await settled(clock);
    runs[2]!(3);
    expect(await next).toBe(3);
  });

  test('is made anew early, sometimes, where that is said, and nobody waits for it', async () => {
    const chance = { value: 0 };
    const world = place();
    const options = { cache: { earlyRefresh: 1 }, random: () => chance.value };
    const { ask, runs } = process(world, options);
    const first = ask();
    await world.clock.advance(100);
    runs[0]!(1);
    await first;
    // It took 100 ms, and 350 ms are left: e to the power of -3.5 is the chance.
    await world.clock.advance(550);
    chance.value = 0.969;
    expect(await ask()).toBe(1);
    await settled(world.clock);
    expect(runs).toHaveLength(1);
    chance.value = 0.971;
    expect(await ask()).toBe(1);
    await settled(world.clock);
    expect(runs).toHaveLength(2);
    runs[1]!(2);
    await settled(world.clock);
    expect(await ask()).toBe(2);
  });
});

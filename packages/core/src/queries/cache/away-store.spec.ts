import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UnavailableError } from '../../errors/infrastructure-errors.js';
import { anyone } from '../../handlers/policy.js';
import { MemoryQueryCacheStore } from '../../memory/memory-query-cache-store.js';
import { query } from '../../messages/query.js';
import type { Logger } from '../../telemetry/logger.js';
import { silentLogger } from '../../telemetry/logger.js';
import { createQueryBus } from '../create-query-bus.js';
import { queryBehaviors } from '../query-behaviors.js';
import { queryHandler } from '../query-handler.js';
import type { QueryCacheStore } from './query-cache-store.js';

class Total extends query('spec.Total', z.object({ of: z.string() })).returns<string>() {}

type Trouble = 'none' | 'away' | 'throws' | 'slow' | 'garbage';

/** A store that a test lets fail. */
class TroubledStore implements QueryCacheStore {
  trouble: Trouble = 'none';
  calls = 0;
  readonly #inner: QueryCacheStore;

  constructor(clock: FakeClock) {
    this.#inner = new MemoryQueryCacheStore({ clock });
  }

  async look(...call: Parameters<QueryCacheStore['look']>) {
    const found = await this.#call(() => this.#inner.look(...call));
    if (this.trouble !== 'garbage') return found;
    return { ...found, answer: { text: '{"freshForMs":9e9,"tookInMs":1}\n{"half', begunAt: found.at } };
  }

  keep(...call: Parameters<QueryCacheStore['keep']>) {
    return this.#call(() => this.#inner.keep(...call));
  }

  release(...call: Parameters<QueryCacheStore['release']>) {
    return this.#call(() => this.#inner.release(...call));
  }

  #call<T>(work: () => Promise<T>): Promise<T> {
    this.calls++;
    if (this.trouble === 'away') return Promise.reject(new UnavailableError('It is away.'));
    if (this.trouble === 'throws') throw new Error('It throws.');
    return this.trouble === 'slow' ? new Promise(() => {}) : work();
  }
}

function world() {
  const clock = new FakeClock();
  const store = new TroubledStore(clock);
  const lines: string[] = [];
  const faults: unknown[] = [];
  const logger: Logger = { ...silentLogger, warn: (line) => void lines.push(line) };
  let runs = 0;
  const cache = { ttlInMs: 60_000, jitter: 0 };
  const handler = queryHandler(Total, { authorize: anyone, cache }, ({ of }) => `${of} ${++runs}`);
  const telemetry = {
    span: <T>(_options: object, work: (span: never) => Promise<T>) =>
      work({ setAttribute: () => {} } as never),
    histogram: () => () => undefined,
    counter: (name: string) => (_by: number, attributes: Record<string, unknown>) => {
      if (name === 'diptych.query_cache.store_faults') faults.push(attributes['diptych.outcome']);
    },
    gauge: () => () => undefined,
  };
  const behaviors = queryBehaviors({ clock, logger, telemetry, cache: { store, storeTimeoutInMs: 50 } });
  const bus = createQueryBus({ handlers: [handler], behaviors });
  return { clock, store, lines, faults, ask: (of = 'all') => bus.execute(new Total({ of })) };
}

describe('a store of answers that', () => {
  test.each(['away', 'throws'] as const)('is %s costs no query its answer', async (trouble) => {
    const { store, ask, faults } = world();
    store.trouble = trouble;
    expect([await ask(), await ask()]).toEqual(['all 1', 'all 2']);
    expect(faults).toContain('failed');
    expect(faults).not.toContain('slow');
  });

  test('gives no answer is waited for no longer than was said', async () => {
    const { clock, store, ask, faults } = world();
    store.trouble = 'slow';
    const asked = ask();
    let answer: string | undefined;
    void asked.then((given) => (answer = given));
    await clock.advance(49);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toBe('all 1');
    expect(faults).toEqual(['slow']);
  });

  test('gives none to many is left alone for a second, and then asked again', async () => {
    const { clock, store, ask, faults, lines } = world();
    store.trouble = 'away';
    for (const of of ['a', 'b', 'c']) await ask(of);
    const { calls } = store;
    store.trouble = 'none';
    await ask();
    expect(store.calls).toBe(calls);
    expect(faults.at(-1)).toBe('left-alone');
    expect(lines).toEqual(['query cache left alone']);
    await clock.advance(1_000);
    const again = await ask();
    expect(await ask()).toBe(again);
  });

  test('gives what cannot be read has given nothing', async () => {
    const { store, ask } = world();
    store.trouble = 'garbage';
    expect([await ask(), await ask()]).toEqual(['all 1', 'all 2']);
  });

  test('is sound is called four times for an answer that it has not, and once for one that it has', async () => {
    const { clock, store, ask } = world();
    await ask();
    await clock.advance(0);
    expect(store.calls).toBe(4);
    await ask();
    expect(store.calls).toBe(5);
  });

  test('goes away while an answer is made still lets it be given', async () => {
    const { clock, store, ask } = world();
    const first = ask();
    store.trouble = 'slow';
    await clock.advance(50);
    expect(await first).toBe('all 1');
  });
});

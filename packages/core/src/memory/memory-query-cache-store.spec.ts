import { FakeClock } from '@diptych/testing';
import { queryCacheContract } from '@diptych/testing/contracts';
import { expect, test } from 'vitest';
import { MemoryQueryCacheStore } from './memory-query-cache-store.js';

queryCacheContract('memory', {
  async open() {
    const clock = new FakeClock();
    const store = new MemoryQueryCacheStore({ clock });
    return { store, another: async () => store, advanceTime: (ms) => clock.advance(ms) };
  },
});

const options = { begunAt: 0, livesForMs: 1_000 };
const clock = new FakeClock({ startAt: 0 });

test('answers in memory are bounded in number: the one not asked for longest goes', async () => {
  const store = new MemoryQueryCacheStore({ clock, maxAnswers: 2 });
  await store.keep('a', '1', options);
  await store.keep('b', '2', options);
  await store.look('a');
  await store.keep('c', '3', options);
  const found = await Promise.all(['a', 'b', 'c'].map(async (key) => (await store.look(key)).answer?.text));
  expect(found).toEqual(['1', undefined, '3']);
});

test('answers in memory are bounded in size, keys included', async () => {
  const store = new MemoryQueryCacheStore({ clock, maxCharacters: 10 });
  expect(await store.keep('a', '1234', options)).toBe(true);
  expect(await store.keep('a', '12345', options)).toBe(true);
  expect(await store.keep('b', '123', options)).toBe(true);
  expect((await store.look('a')).answer?.text).toBe('12345');
  expect(await store.keep('c', '1', options)).toBe(true);
  expect((await store.look('b')).answer).toBeUndefined();
  expect(await store.keep('d', '1234567890', options)).toBe(false);
  expect((await store.look('a')).answer?.text).toBe('12345');
});

import type { QueryCacheStore } from '@diptych/core';
import { expect } from 'vitest';
import { cachingProcess } from './caching-process.js';
import { type ContractFactory, type ContractSubject, type ContractSuite, contract } from './contract.js';

export interface QueryCacheSubject extends ContractSubject {
  readonly store: QueryCacheStore;
  /** The same answers, as another process sees them. */
  another(): Promise<QueryCacheStore>;
  advanceTime(ms: number): Promise<void>;
}

export type QueryCacheFactory = ContractFactory<QueryCacheSubject>;
type Suite = ContractSuite<QueryCacheSubject>;

/** What `QueryCacheStore` means, and what the query cache makes of it in several processes. */
export function queryCacheContract(adapter: string, factory: QueryCacheFactory): void {
  contract('query cache', adapter, factory, (suite) => {
    answersTests(suite);
    leaseTests(suite);
    processTests(suite);
  });
}

const claim = (token: string, leaseInMs = 60_000) => ({ token, leaseInMs });

/** Keeps an answer whose making begins now. */
async function keepNow(store: QueryCacheStore, key: string, text: string, livesForMs = 60_000) {
  const { at: begunAt } = await store.look(key);
  expect(await store.keep(key, text, { begunAt, livesForMs })).toBe(true);
  return begunAt;
}

const textIn = async (store: QueryCacheStore, key: string) => (await store.look(key)).answer?.text;

function answersTests({ test }: Suite): void {
  test('nothing is there before it was kept', async ({ store }) => {
    expect(await store.look('k')).toEqual({ at: expect.any(Number), answer: undefined, claimed: false });
  });

  test('what was kept is given as it was, to other processes too', async ({ store, another }) => {
    const other = await another();
    const texts = ['', 'plain', '{"text":"ä 日本 🧾 \\"\\\\\\n"}\n\r\u0000', 'x'.repeat(300_000)];
    for (const [number, text] of texts.entries()) {
      const begunAt = await keepNow(store, `k${number}`, text);
      for (const one of [store, other]) {
        const found = await one.look(`k${number}`);
        expect(found.answer).toEqual({ text, begunAt });
        expect(found.at).toBeGreaterThanOrEqual(begunAt);
      }
    }
  });

  test('each key has its own answer, whatever text it is', async ({ store }) => {
    const long = 'long '.repeat(5_000);
    const keys = [
      '',
      ' ',
      'a',
      'A',
      'a ',
      'a:lease',
      '{a}',
      '{a}b',
      '*',
      'ä',
      'a\u0308',
      '\ud800',
      '\ud801',
      long,
      `${long}.`,
    ];
    for (const key of keys) await keepNow(store, key, `of ${key.length} ${keys.indexOf(key)}`);
    for (const key of keys) expect(await textIn(store, key)).toBe(`of ${key.length} ${keys.indexOf(key)}`);
  });

  test('an answer lives from when its making began, not from when it was kept', async ({
    store,
    advanceTime,
  }) => {
    const { at: begunAt } = await store.look('k');
    await advanceTime(600_000);
    expect(await store.keep('k', 'old', { begunAt, livesForMs: 1_000_000 })).toBe(true);
    await advanceTime(390_000);
    expect(await textIn(store, 'k')).toBe('old');
    await advanceTime(10_000);
    expect(await textIn(store, 'k')).toBeUndefined();
  });

  test('an answer whose time is over when it comes is not kept', async ({ store, advanceTime }) => {
    const { at: begunAt } = await store.look('k');
    await advanceTime(1_000_000);
    expect(await store.keep('k', 'late', { begunAt, livesForMs: 1_000_000 })).toBe(false);
    expect(await textIn(store, 'k')).toBeUndefined();
  });

  test('an answer does not replace one whose making began later', async ({ store, another, advanceTime }) => {
    const { at: begunAt } = await store.look('k');
    await advanceTime(1_000);
    await keepNow(await another(), 'k', 'newer');
    expect(await store.keep('k', 'older', { begunAt, livesForMs: 60_000 })).toBe(false);
    expect(await textIn(store, 'k')).toBe('newer');
    await advanceTime(1_000);
    await keepNow(store, 'k', 'newest');
    expect(await textIn(store, 'k')).toBe('newest');
  });
}

function leaseTests({ test }: Suite): void {
  test('of many who ask for a lease at once, one has it', async ({ store, another }) => {
    const other = await another();
    const asked = Array.from({ length: 50 }, (_, number) =>
      (number % 2 === 0 ? store : other).look('k', claim(`token ${number}`)),
    );
    expect((await Promise.all(asked)).filter(({ claimed }) => claimed)).toHaveLength(1);
  });

  test('whoever has a lease has it again; others wait until it is given back by nobody else', async ({
    store,
  }) => {
    const claims = async (token: string) => (await store.look('k', claim(token))).claimed;
    expect([await claims('a'), await claims('a'), await claims('b')]).toEqual([true, true, false]);
    expect((await store.look('other', claim('b'))).claimed).toBe(true);
    await store.release('k', 'b');
    expect(await claims('b')).toBe(false);
    await store.release('k', 'a');
    expect(await claims('b')).toBe(true);
    await store.release('never', 'a');
  });

  test('a lease runs out by itself, and is then nobody’s to give back', async ({ store, advanceTime }) => {
    expect((await store.look('k', claim('dead', 600_000))).claimed).toBe(true);
    await advanceTime(590_000);
    expect((await store.look('k', claim('b'))).claimed).toBe(false);
    await advanceTime(10_000);
    expect((await store.look('k', claim('b'))).claimed).toBe(true);
    await store.release('k', 'dead');
    expect((await store.look('k', claim('c'))).claimed).toBe(false);
  });

  test('the answer and the lease come in one step', async ({ store }) => {
    await keepNow(store, 'k', 'kept');
    expect(await store.look('k', claim('a'))).toMatchObject({ answer: { text: 'kept' }, claimed: true });
    expect(await store.look('k', claim('b'))).toMatchObject({ answer: { text: 'kept' }, claimed: false });
  });
}

function processTests({ test }: Suite): void {
  test('oneForAll: of several processes one makes the answer, and all who ask are given it', async ({
    store,
    another,
  }) => {
    const processes = [store, await another(), await another()].map((one) => cachingProcess(one));
    const asked = processes.flatMap((process) => [process.ask(), process.ask(), process.ask()]);
    const maker = await Promise.race(processes.map((process) => process.run(1)));
    maker.answer({ total: 3, at: '2030-01-01T00:00:00Z', none: null });
    expect(new Set((await Promise.all(asked)).map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(processes.reduce((sum, process) => sum + process.runs, 0)).toBe(1);
  });

  test('deadMaker: the answer that a process began and did not bring is made by another', async ({
    store,
    another,
    advanceTime,
  }) => {
    const [dead, other] = [cachingProcess(store), cachingProcess(await another())];
    void dead.ask();
    await dead.run(1);
    const asked = other.ask();
    await advanceTime(60_000);
    (await other.run(1)).answer('made after all');
    expect(await asked).toBe('made after all');
  });

  test('promise 5: an answer of another process is given only to those who ask for no more than it holds', async ({
    store,
    another,
  }) => {
    const [one, other] = [cachingProcess(store, { row: 5 }), cachingProcess(await another(), { row: 6 })];
    const first = one.ask();
    (await one.run(1)).answer('as of 5');
    await first;
    await one.kept();
    expect([await other.ask(), await other.ask(5)]).toEqual(['as of 5', 'as of 5']);
    const fresher = other.ask(6);
    (await other.run(1)).answer('as of 6');
    expect(await fresher).toBe('as of 6');
    await other.kept();
    expect([await one.ask(), await one.ask(6)]).toEqual(['as of 6', 'as of 6']);
  });
}

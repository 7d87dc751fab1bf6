import { FakeClock } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RefusedError } from '../../errors/domain-errors.js';
import { authenticated, policy } from '../../handlers/policy.js';
import { formatConsistency } from '../../journal/consistency-token.js';
import { MemoryQueryCacheStore } from '../../memory/memory-query-cache-store.js';
import { query } from '../../messages/query.js';
import type { Subject } from '../../messages/subject.js';
import { positionAt } from '../../partitions/position.js';
import type { Behavior } from '../../pipeline/behavior.js';
import type { Telemetry } from '../../telemetry/telemetry.js';
import { createQueryBus } from '../create-query-bus.js';
import { type QueryBehaviorsOptions, queryBehaviors } from '../query-behaviors.js';
import type { QueryContext, QueryMessageContext } from '../query-context.js';
import { type QueryHandlerOptions, queryHandler } from '../query-handler.js';

const data = z.object({ customer: z.string(), status: z.string().optional() });
class OrdersOf extends query('spec.OrdersOf', data).returns<unknown>() {}
const of = (customer: string) => new OrdersOf({ customer });
const ann = { id: 'ann', roles: [] };
const bob = { id: 'bob', roles: [] };
const cache = { ttlInMs: 1_000, jitter: 0 };

interface Settings extends Partial<Omit<QueryBehaviorsOptions, 'cache'>> {
  readonly cache?: Partial<NonNullable<QueryBehaviorsOptions['cache']>> | 'nowhere';
}

/** A bus whose handler counts its answers. */
function counting(
  options: Partial<QueryHandlerOptions<OrdersOf, undefined>> = {},
  { cache: kept = {}, ...settings }: Settings = {},
  answer: (asked: OrdersOf, run: number, context: QueryContext) => unknown = ({ customer }, run) =>
    `${customer} ${run}`,
) {
  const clock = new FakeClock();
  const state = { runs: 0 };
  const handler = queryHandler(
    OrdersOf,
    { authorize: authenticated, cache, ...options },
    async (asked, context) => answer(asked, ++state.runs, context),
  );
  const counted: string[] = [];
  const telemetry: Telemetry = {
    span: (_options, work) => work({ context: {}, setAttribute: () => undefined }),
    histogram: () => () => undefined,
    counter: (name) => (_by, attributes) =>
      void counted.push(`${name.replace('diptych.query_cache.', '')} ${attributes['diptych.outcome']}`),
    gauge: () => () => undefined,
  };
  const store = new MemoryQueryCacheStore({ clock });
  const bus = createQueryBus({
    handlers: [handler],
    behaviors: queryBehaviors({
      clock,
      telemetry,
      cache: kept === 'nowhere' ? undefined : { store, ...kept },
      ...settings,
    }),
  });
  const ask = (asked: OrdersOf, subject: Subject = ann, tenant?: string) =>
    bus.execute(asked, { subject, ...(tenant !== undefined && { tenant }) });
  return { bus, ask, clock, state, counted };
}

describe('the query cache', () => {
  it('gives an answer again within its time, counted from when its making began', async () => {
    const { ask, clock, counted } = counting({}, {}, async ({ customer }, run) => {
      if (run === 1) await new Promise<void>((resolve) => clock.after(400, resolve));
      return `${customer} ${run}`;
    });
    const first = ask(of('ann'));
    await clock.advance(400);
    expect(await first).toBe('ann 1');
    await clock.advance(599);
    expect(await ask(of('ann'))).toBe('ann 1');
    await clock.advance(1);
    expect(await ask(of('ann'))).toBe('ann 2');
    expect(counted).toEqual(['answers miss', 'answers hit', 'answers miss']);
  });

  it('lets chance end an answer early, by no more than was said', async () => {
    const { clock, ask } = counting(
      { cache: { ttlInMs: 1_000, jitter: 0.4 } },
      { cache: { random: () => 0.5 } },
    );
    await ask(of('ann'));
    await clock.advance(799);
    expect(await ask(of('ann'))).toBe('ann 1');
    await clock.advance(1);
    expect(await ask(of('ann'))).toBe('ann 2');
  });

  it('tells questions, subjects, roles and tenants apart', async () => {
    const { ask, state } = counting();
    await ask(of('ann'));
    await ask(of('bob'));
    await ask(of('ann'), bob);
    await ask(of('ann'), { ...ann, roles: ['clerk'] });
    await ask(of('ann'), { ...ann, delegated: true });
    await ask(of('ann'), ann, 'north');
    expect(state.runs).toBe(6);
  });

  it('takes the same data in another order for the same question', async () => {
    const { ask, state } = counting();
    const one = Object.assign(of('ann'), { status: 'open' });
    const other = new OrdersOf({ status: 'open', customer: 'ann' });
    await ask(one as OrdersOf);
    await ask(other);
    expect(state.runs).toBe(1);
  });

  it('shares an answer in the tenant where that is said, and makes it for nobody in particular', async () => {
    const { ask, state } = counting(
      { cache: { ...cache, sharedBy: 'tenant' } },
      {},
      (_asked, run, context) => [run, context.subject.id, context.meta.subject.id],
    );
    expect(await ask(of('ann'), ann)).toEqual([1, '', '']);
    expect(await ask(of('ann'), bob)).toEqual([1, '', '']);
    expect(await ask(of('ann'), bob, 'north')).toEqual([2, '', '']);
    expect(state.runs).toBe(2);
  });

  it('promise 9: asks the policy each time, before it looks for an answer', async () => {
    const allowed = new Set(['ann', 'bob']);
    const { ask } = counting({
      authorize: policy<OrdersOf>('until revoked', (_asked, { subject }) => allowed.has(subject.id)),
      cache: { ...cache, sharedBy: 'tenant' },
    });
    expect(await ask(of('ann'), ann)).toBe('ann 1');
    expect(await ask(of('ann'), bob)).toBe('ann 1');
    allowed.delete('bob');
    await expect(ask(of('ann'), bob)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await ask(of('ann'), ann)).toBe('ann 1');
  });

  it('keeps no failure', async () => {
    const { ask } = counting({}, {}, ({ customer }, run) => {
      if (run === 1) throw new RefusedError('not-yet', 'Not yet.');
      return `${customer} ${run}`;
    });
    await expect(ask(of('ann'))).rejects.toMatchObject({ code: 'not-yet' });
    expect(await ask(of('ann'))).toBe('ann 2');
    expect(await ask(of('ann'))).toBe('ann 2');
  });

  it.each([
    [undefined],
    [null],
    [''],
    [{ text: 'ä \ud800 \u2028', list: [1, -2.5e-7, [], {}], no: undefined }],
    [JSON.parse('{"__proto__":{"a":1},"2":1,"1":2}')],
  ])('gives %j again as it was, to each one of its own', async (result) => {
    const { ask, state } = counting({}, {}, () => result);
    const [first, second, third] = [await ask(of('ann')), await ask(of('ann')), await ask(of('ann'))];
    expect(JSON.stringify(second)).toBe(JSON.stringify(result));
    expect([first, second]).toEqual([result, result]);
    if (typeof result === 'object' && result !== null) expect(third).not.toBe(second);
    expect(state.runs).toBe(1);
  });

  it.each([
    [new Date(0)],
    [{ at: new Date(0) }],
    [10n],
    [new Map([[1, 2]])],
    [[undefined]],
    [Number.NaN],
    [-0],
    [{ call: () => 1 }],
    [new (class Money {})()],
  ])('does not keep %o, which JSON would change', async (result) => {
    const { ask, state, counted } = counting({}, {}, () => result);
    expect(await ask(of('ann'))).toBe(result);
    expect(await ask(of('ann'))).toBe(result);
    expect(state.runs).toBe(2);
    expect(counted).toContain('not_kept no-json');
  });

  it('answers a question that is more than JSON can tell, and keeps nothing', async () => {
    class At extends query('spec.At', z.object({ time: z.date() })).returns<number>() {}
    const clock = new FakeClock();
    let runs = 0;
    const handler = queryHandler(At, { authorize: authenticated, cache }, () => ++runs);
    const store = new MemoryQueryCacheStore({ clock });
    const bus = createQueryBus({
      handlers: [handler],
      behaviors: queryBehaviors({ clock, cache: { store } }),
    });
    const ask = () => bus.execute(new At({ time: new Date(0) }), { subject: ann });
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it('does not keep what is too large', async () => {
    const { ask, state, counted } = counting({ cache: { ...cache, maxBytes: 10 } }, {}, () => 'ääääa');
    await ask(of('ann'));
    await ask(of('ann'));
    expect(state.runs).toBe(2);
    expect(counted).toContain('not_kept too-large');
  });

  it('keeps nothing for handlers that do not ask for it, nor where there is no store', async () => {
    const { ask, bus, state } = counting({ cache: undefined });
    await ask(of('ann'));
    await ask(of('ann'));
    expect(state.runs).toBe(2);
    expect(bus.describe()[0]?.behaviors).not.toContain('cache');
    expect(counting({}, { cache: 'nowhere' }).bus.describe()[0]?.behaviors).not.toContain('cache');
    expect(counting().bus.describe()[0]?.behaviors).toEqual([
      'tracing',
      'authorization',
      'time-out',
      'cache',
      'retry',
    ]);
  });

  it('does not share answers with other programs', async () => {
    const store = new MemoryQueryCacheStore({ clock: new FakeClock() });
    const program = (name: string) =>
      counting({}, { cache: { store, program: name } }, ({ customer }) => `${customer} of ${name}`);
    expect(await program('shop').ask(of('ann'))).toBe('ann of shop');
    expect(await program('office').ask(of('ann'))).toBe('ann of office');
    expect(await program('shop').ask(of('ann'))).toBe('ann of shop');
  });
});

describe('promise 5: the query cache and `after`', () => {
  const at = (row: number) => positionAt(row, 0);
  const after = (row: number, incarnation = 'spec', partition = 3) =>
    formatConsistency({ incarnation, ranges: [{ partition, first: at(row), last: at(row) }] });
  /** Stands for the read-model scope: says how far the read models had come. */
  const readModels = (progress: { row: number }): Behavior<QueryMessageContext> => ({
    name: 'read models',
    wrap: (next) => (message, context) => {
      context.answeredAt = { incarnation: 'spec', positions: new Map([[3, at(progress.row)]]) };
      return next(message, context);
    },
  });
  const started = async (options = {}) => {
    const progress = { row: 5 };
    const parts = counting(options, { readModels: readModels(progress) });
    const ask = (token?: ReturnType<typeof after>) =>
      parts.bus.execute(of('ann'), { subject: ann, ...(token !== undefined && { after: token }) });
    await ask();
    return { ...parts, progress, ask };
  };

  it('gives an answer that is fresh enough', async () => {
    const { ask } = await started();
    expect(await ask(after(5))).toBe('ann 1');
  });

  it.each([
    ['a later position', after(6)],
    ['another partition', after(1, 'spec', 4)],
    ['another incarnation', after(1, 'restored')],
    ['what cannot be read', 'spec;3:zz' as never],
  ])('goes past it for %s', async (_what, token) => {
    const { ask, counted } = await started();
    // What is wrong with a token is for the freshness check to say, which is not there.
    expect(await ask(token).catch(({ code }) => code)).toBe(
      _what === 'what cannot be read' ? 'invalid-consistency' : 'ann 2',
    );
    if (_what !== 'what cannot be read') expect(counted.at(-1)).toBe('answers past');
  });

  it('does not wait for an answer that began before', async () => {
    const progress = { row: 5 };
    let open = () => {};
    const early = new Promise<void>((resolve) => (open = resolve));
    const { bus } = counting({}, { readModels: readModels(progress) }, async ({ customer }, run) => {
      if (run === 1) await early;
      return `${customer} ${run}`;
    });
    const first = bus.execute(of('ann'), { subject: ann });
    await new Promise(setImmediate);
    progress.row = 6;
    expect(await bus.execute(of('ann'), { subject: ann, after: after(6) })).toBe('ann 2');
    open();
    expect(await first).toBe('ann 1');
  });

  it('keeps the fresher answer for the next who asks, and not the one that began before it', async () => {
    const { ask, progress, clock } = await started();
    await clock.advance(10);
    progress.row = 6;
    await ask(after(6));
    expect(await ask()).toBe('ann 2');
    expect(await ask(after(6))).toBe('ann 2');
  });

  it('gives an answer that is old but holds what is asked for, where old ones may be given', async () => {
    const { ask, clock } = await started({ cache: { ...cache, staleForMs: 1_000 } });
    await clock.advance(1_500);
    expect(await ask(after(5))).toBe('ann 1');
    expect(await ask(after(6))).toMatch(/ann [23]/);
  });
});

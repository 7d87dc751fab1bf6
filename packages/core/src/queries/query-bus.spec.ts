import { FakeClock } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RefusedError } from '../errors/domain-errors.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import { authenticated, policy } from '../handlers/policy.js';
import { registrationOf } from '../handlers/registration.js';
import { type ConsistencyToken, formatConsistency } from '../journal/consistency-token.js';
import { command } from '../messages/command.js';
import { query } from '../messages/query.js';
import { positionAt } from '../partitions/position.js';
import type { Behavior } from '../pipeline/behavior.js';
import { createQueryBus } from './create-query-bus.js';
import { type QueryBehaviorsOptions, queryBehaviors } from './query-behaviors.js';
import type { QueryMessageContext } from './query-context.js';
import {
  QueryHandler,
  type QueryHandlerOptions,
  type QueryRegistration,
  queryHandler,
} from './query-handler.js';

class OrdersOf extends query('spec.OrdersOf', z.object({ customer: z.string() })).returns<unknown>() {}
const of = (customer: string) => new OrdersOf({ customer });
const ann = { id: 'ann', roles: [] };
const bob = { id: 'bob', roles: [] };
const gate = () => {
  let open: () => void = () => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
};

/** A bus whose handler counts its answers. */
function counting(
  options: Partial<QueryHandlerOptions<OrdersOf, undefined>> = {},
  settings: Partial<QueryBehaviorsOptions> = {},
  between: (run: number) => unknown = () => undefined,
) {
  const clock = new FakeClock();
  const state = { runs: 0 };
  const handler = queryHandler(
    OrdersOf,
    { authorize: authenticated, cache: { ttlInMs: 1_000 }, ...options },
    async (asked) => {
      const run = ++state.runs;
      await between(run);
      return `${asked.customer} ${run}`;
    },
  );
  const bus = createQueryBus({ handlers: [handler], behaviors: queryBehaviors({ clock, ...settings }) });
  return { bus, clock, state };
}

describe('the query bus', () => {
  it('answers, bare', async () => {
    @QueryHandler(OrdersOf)
    class Handler {
      handle({ customer }: OrdersOf) {
        return [customer];
      }
    }
    const bus = createQueryBus({ handlers: [registrationOf(Handler) as QueryRegistration] });
    expect(await bus.execute(of('ann'))).toEqual(['ann']);
  });

  it('rejects when there is no handler', async () => {
    await expect(createQueryBus({ handlers: [] }).execute(of('ann'))).rejects.toMatchObject({
      code: 'no-handler',
    });
  });

  it('says where a command belongs that was given to it', async () => {
    class Place extends command('spec.Place') {}
    await expect(createQueryBus({ handlers: [] }).execute(new Place() as never)).rejects.toThrow(
      "'spec.Place' is a command: commands.dispatch() or execute() it; here belongs a query.",
    );
  });

  it('refuses `after` inside a command handler', async () => {
    const handlers = [queryHandler(OrdersOf, {}, () => 1)];
    const bus = createQueryBus({ handlers, insideSession: () => true });
    const after = formatConsistency({ incarnation: 'spec', ranges: [] });
    await expect(bus.execute(of('ann'), { after })).rejects.toMatchObject({ code: 'after-in-handler' });
    expect(await bus.execute(of('ann'))).toBe(1);
  });

  it('reads `after` also where the query reads no read model', async () => {
    const handlers = [queryHandler(OrdersOf, {}, () => 1)];
    const bus = createQueryBus({ handlers, incarnation: () => 'spec' });
    const ask = (after: string) => bus.execute(of('ann'), { after: after as ConsistencyToken });
    expect(await ask('spec')).toBe(1);
    await expect(ask('')).rejects.toMatchObject({ code: 'invalid-consistency' });
    await expect(ask('no token')).rejects.toMatchObject({ code: 'invalid-consistency' });
    await expect(ask('xyz')).rejects.toMatchObject({ code: 'consistency-incarnation' });
    const after = 'spec' as ConsistencyToken;
    await expect(bus.execute(of('ann'), { after, afterTimeoutInMs: Number.NaN })).rejects.toMatchObject({
      code: 'option-invalid',
    });
  });

  it('tries again when a store is away', async () => {
    const { bus, clock, state } = counting({}, {}, (run) => {
      if (run < 3) throw new UnavailableError('The store is away.');
    });
    const answer = bus.execute(of('ann'), { subject: ann });
    await clock.advance(1_000);
    expect(await answer).toBe('ann 3');
    expect(state.runs).toBe(3);
  });

  it('prints its order', () => {
    const { bus } = counting();
    expect(bus.describe()[0]?.behaviors).toEqual(['authorization', 'time-out', 'cache', 'retry']);
  });
});

describe('the query cache', () => {
  it('gives an answer again within its time', async () => {
    const { bus, clock, state } = counting();
    expect(await bus.execute(of('ann'), { subject: ann })).toBe('ann 1');
    await clock.advance(999);
    expect(await bus.execute(of('ann'), { subject: ann })).toBe('ann 1');
    await clock.advance(1);
    expect(await bus.execute(of('ann'), { subject: ann })).toBe('ann 2');
    expect(state.runs).toBe(2);
  });

  it('tells questions, subjects, roles and tenants apart', async () => {
    const { bus, state } = counting();
    await bus.execute(of('ann'), { subject: ann });
    await bus.execute(of('bob'), { subject: ann });
    await bus.execute(of('ann'), { subject: bob });
    await bus.execute(of('ann'), { subject: { ...ann, roles: ['clerk'] } });
    await bus.execute(of('ann'), { subject: ann, tenant: 'north' });
    expect(state.runs).toBe(5);
  });

  it('promise 9: asks the policy each time', async () => {
    let allowed = true;
    const { bus } = counting({ authorize: policy<OrdersOf>('until revoked', () => allowed) });
    await bus.execute(of('ann'), { subject: ann });
    allowed = false;
    await expect(bus.execute(of('ann'), { subject: ann })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('makes one answer for all who ask the same at once', async () => {
    const making = gate();
    const { bus, state } = counting({}, {}, () => making.passed);
    const answers = Promise.all([1, 2, 3].map(() => bus.execute(of('ann'), { subject: ann })));
    making.open();
    expect(await answers).toEqual(['ann 1', 'ann 1', 'ann 1']);
    expect(state.runs).toBe(1);
  });

  it('makes others ask for themselves when the first fails, and keeps no failure', async () => {
    const { bus, state } = counting({}, {}, (run) => {
      if (run === 1) throw new RefusedError('not-yet', 'Not yet.');
    });
    const ask = () => bus.execute(of('ann'), { subject: ann });
    const [first, second] = await Promise.allSettled([ask(), ask()]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'not-yet' } });
    expect(second).toEqual({ status: 'fulfilled', value: 'ann 2' });
    expect(state.runs).toBe(2);
  });

  it('makes others ask for themselves when the first never ends', async () => {
    const { bus, clock } = counting({ timeoutInMs: 1_000 }, {}, (run) =>
      run === 1 ? new Promise(() => {}) : undefined,
    );
    const hangs = expect(bus.execute(of('ann'), { subject: ann })).rejects.toMatchObject({
      code: 'time-limit',
    });
    await clock.advance(1_000);
    await hangs;
    expect(await bus.execute(of('ann'), { subject: ann })).toBe('ann 2');
  });

  it('keeps a bounded number of answers: the one not asked for longest goes', async () => {
    const { bus, state } = counting({}, { maxCachedAnswers: 2 });
    const ask = (customer: string) => bus.execute(of(customer), { subject: ann });
    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c');
    expect(state.runs).toBe(3);
    expect(await ask('a')).toBe('a 1');
    expect(await ask('b')).toBe('b 4');
  });

  it('keeps nothing for handlers that do not ask for it', async () => {
    const handlers = [queryHandler(OrdersOf, { authorize: authenticated }, () => ({}))];
    const bus = createQueryBus({ handlers, behaviors: queryBehaviors({ clock: new FakeClock() }) });
    const ask = () => bus.execute(of('ann'), { subject: ann });
    expect(await ask()).not.toBe(await ask());
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
  const started = async () => {
    const progress = { row: 5 };
    const parts = counting({}, { readModels: readModels(progress) });
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
  ])('asks again for %s', async (_what, token) => {
    const { ask } = await started();
    expect(await ask(token)).toBe('ann 2');
  });

  it('does not wait for an answer that began before', async () => {
    const progress = { row: 5 };
    const early = gate();
    const { bus } = counting({}, { readModels: readModels(progress) }, (run) =>
      run === 1 ? early.passed : undefined,
    );
    const first = bus.execute(of('ann'), { subject: ann });
    progress.row = 6;
    expect(await bus.execute(of('ann'), { subject: ann, after: after(6) })).toBe('ann 2');
    early.open();
    expect(await first).toBe('ann 1');
  });

  it('keeps the fresher answer for the next who asks', async () => {
    const { ask, progress } = await started();
    progress.row = 6;
    await ask(after(6));
    expect(await ask()).toBe('ann 2');
  });

  it('leaves an unreadable token to the freshness check', async () => {
    const { ask } = await started();
    expect(await ask('nonsense' as never)).toBe('ann 2');
  });
});

import { FakeClock } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import { authenticated } from '../handlers/policy.js';
import { registrationOf } from '../handlers/registration.js';
import { type ConsistencyToken, formatConsistency } from '../journal/consistency-token.js';
import { command } from '../messages/command.js';
import { query } from '../messages/query.js';
import { createQueryBus } from './create-query-bus.js';
import { type QueryBehaviorsOptions, queryBehaviors } from './query-behaviors.js';
import {
  QueryHandler,
  type QueryHandlerOptions,
  type QueryRegistration,
  queryHandler,
} from './query-handler.js';

class OrdersOf extends query('spec.OrdersOf', z.object({ customer: z.string() })).returns<unknown>() {}
const of = (customer: string) => new OrdersOf({ customer });
const ann = { id: 'ann', roles: [] };

/** A bus whose handler counts its answers. */
function counting(
  options: Partial<QueryHandlerOptions<OrdersOf, undefined>> = {},
  settings: Partial<QueryBehaviorsOptions> = {},
  between: (run: number) => unknown = () => undefined,
) {
  const clock = new FakeClock();
  const state = { runs: 0 };
  const handler = queryHandler(OrdersOf, { authorize: authenticated, ...options }, async (asked) => {
    const run = ++state.runs;
    await between(run);
    return `${asked.customer} ${run}`;
  });
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
    expect(bus.describe()[0]?.behaviors).toEqual(['authorization', 'time-out', 'retry']);
  });
});

import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { token } from '../handlers/injection.js';
import type { ConsistencyToken } from '../journal/consistency-token.js';
import { command } from '../messages/command.js';
import { query } from '../messages/query.js';
import type { QueryBus } from './query-bus.js';
import type { QueryContext } from './query-context.js';
import { QueryHandler, queryHandler } from './query-handler.js';

const data = z.object({ customer: z.string() });
class OrdersOf extends query('spec.OrdersOf', data).returns(z.array(z.object({ id: z.string() }))) {}
class SameShape extends query('spec.SameShape', data).returns(z.array(z.object({ id: z.string() }))) {}
class Count extends query('spec.Count', data).returns<bigint>() {}
class Place extends command('spec.Place', data) {}
const Limit = token<number>('limit');

describe('query handlers', () => {
  it('give what the query declares', () => {
    @QueryHandler(OrdersOf, { inject: [Limit], cache: { ttlInMs: 100 }, cacheControl: 'max-age=1' })
    class Good {
      constructor(readonly limit: number) {}
      async handle(query: OrdersOf, _context: QueryContext) {
        return [{ id: query.customer }];
      }
    }
    queryHandler(Count, { inject: [Limit] }, (_query, _context, limit) => BigInt(limit));
    expectTypeOf(Good).toBeObject();
  });

  it('with another result, message or inject list are refused', () => {
    // @ts-expect-error one, not a list
    @QueryHandler(OrdersOf)
    class WrongResult {
      handle = ({ customer }: OrdersOf) => ({ id: customer });
    }
    // @ts-expect-error another message of the same shape
    @QueryHandler(OrdersOf)
    class WrongMessage {
      handle = ({ customer }: SameShape) => [{ id: customer }];
    }
    // @ts-expect-error the constructor takes a text
    @QueryHandler(OrdersOf, { inject: [Limit] })
    class WrongDependency {
      constructor(readonly limit: string) {}
      handle = ({ customer }: OrdersOf) => [{ id: customer }];
    }
    // @ts-expect-error a number is no bigint
    queryHandler(Count, {}, () => 1);
    // @ts-expect-error a command
    QueryHandler(Place);
    expectTypeOf([WrongResult, WrongMessage, WrongDependency]).toBeArray();
  });
});

describe('the query bus', () => {
  const bus = {} as QueryBus;

  it('gives what the query declares', () => {
    expectTypeOf(bus.execute(new OrdersOf({ customer: '1' }))).resolves.toEqualTypeOf<{ id: string }[]>();
    expectTypeOf(bus.execute(new Count({ customer: '1' }))).resolves.toEqualTypeOf<bigint>();
    expectTypeOf(
      bus.execute(new Count({ customer: '1' }), { after: '' as ConsistencyToken }),
    ).resolves.toBeBigInt();
  });

  it('takes queries only, and receipts as `after` only', () => {
    // @ts-expect-error a command
    bus.execute(new Place({ customer: '1' }));
    // @ts-expect-error any text
    bus.execute(new Count({ customer: '1' }), { after: 'yesterday' });
  });
});

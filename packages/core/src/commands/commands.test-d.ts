import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { decider } from '../deciders/decider.js';
import { handleWith } from '../deciders/handle-with.js';
import { bind, bindFactory } from '../handlers/binding.js';
import { token } from '../handlers/injection.js';
import { policy } from '../handlers/policy.js';
import { Service, service } from '../handlers/service.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { query } from '../messages/query.js';
import type { CommandBus } from './command-bus.js';
import type { CommandContext } from './command-context.js';
import { CommandHandler, commandHandler } from './command-handler.js';
import type { Receipt } from './receipt.js';

const data = z.object({ id: z.string() });
class Place extends command('spec.Place', data).returns(z.object({ total: z.string() })) {}
class Same extends command('spec.Same', data).returns(z.object({ total: z.string() })) {}
class Forget extends command('spec.Forget', data) {}
class Ask extends query('spec.Ask', data) {}
const Pay = command(
  'spec.Pay',
  z.union([z.object({ by: z.literal('card') }), z.object({ by: z.literal('cash') })]),
);
type Pay = InstanceType<typeof Pay>;

class Orders {
  private readonly orders = new Map<string, Place>();
  has = (id: string) => this.orders.has(id);
}
abstract class Prices {
  abstract priceOf(id: string): string;
}
const Rate = token<number>('rate');

describe('@CommandHandler', () => {
  it('accepts handlers that give the result, at once or later', () => {
    @CommandHandler(Place)
    class AtOnce {
      handle(command: Place) {
        return { total: command.id };
      }
    }
    @CommandHandler(Place)
    class Later {
      async handle(_command: Place, context: CommandContext) {
        return { total: context.tenant };
      }
    }
    @CommandHandler(Forget)
    class Nothing {
      async handle(_command: Forget) {}
    }
    expectTypeOf([AtOnce, Later, Nothing]).toBeArray();
  });

  it('refuses a wrong result', () => {
    // @ts-expect-error a number is no string
    @CommandHandler(Place)
    class Wrong {
      handle(_command: Place) {
        return { total: 1 };
      }
    }
    // @ts-expect-error a command without a result gives none
    @CommandHandler(Forget)
    class TooMuch {
      handle(_command: Forget) {
        return 1;
      }
    }
    // @ts-expect-error nothing is given
    @CommandHandler(Place)
    class TooLittle {
      async handle(_command: Place) {}
    }
    expectTypeOf([Wrong, TooMuch, TooLittle]).toBeArray();
  });

  it('refuses a handler of another message of the same shape', () => {
    // @ts-expect-error handles Same, not Place
    @CommandHandler(Place)
    class Wrong {
      handle(command: Same) {
        return { total: command.id };
      }
    }
    expectTypeOf(Wrong).toBeConstructibleWith();
  });

  it('refuses a narrower parameter', () => {
    // @ts-expect-error only some of the commands would fit
    @CommandHandler(Place)
    class Wrong {
      handle(_command: Place & { readonly id: 'one' }) {
        return { total: '' };
      }
    }
    expectTypeOf(Wrong).toBeConstructibleWith();
  });

  it('refuses a class without `handle`, and a query', () => {
    // @ts-expect-error no handle
    @CommandHandler(Place)
    class Empty {}
    // @ts-expect-error a query has another decorator
    CommandHandler(Ask);
    expectTypeOf(Empty).toBeConstructibleWith();
  });

  it('accepts unions of shapes', () => {
    @CommandHandler(Pay)
    class PayHandler {
      handle(command: Pay) {
        expectTypeOf(command.by).toEqualTypeOf<'card' | 'cash'>();
      }
    }
    expectTypeOf(PayHandler).toBeConstructibleWith();
  });

  it('checks that policies are for this message', () => {
    CommandHandler(Place, { authorize: policy<Place>('own', ({ id }, { subject }) => subject.id === id) });
    CommandHandler(Place, { authorize: policy<{ readonly id: string }>('any with an id', () => true) });
    // @ts-expect-error decides by what the command does not have
    CommandHandler(Place, { authorize: policy<{ readonly owner: string }>('owner', () => true) });
  });
});

describe('inject lists', () => {
  it('give the constructor what it takes, in its order', () => {
    @CommandHandler(Place, { inject: [Orders, Prices, Rate] })
    class Fits {
      constructor(
        readonly orders: Orders,
        readonly prices: Prices,
        readonly rate: number,
      ) {}
      handle({ id }: Place) {
        return { total: this.prices.priceOf(id) };
      }
    }
    @CommandHandler(Place, { inject: [Orders] })
    class OptionalLeftOut {
      constructor(
        readonly orders: Orders,
        readonly rate?: number,
      ) {}
      handle = ({ id }: Place) => ({ total: id });
    }
    expectTypeOf([Fits, OptionalLeftOut]).toBeArray();
  });

  it('in another order are refused', () => {
    // @ts-expect-error the constructor takes the orders first
    @CommandHandler(Place, { inject: [Rate, Orders] })
    class Wrong {
      constructor(
        readonly orders: Orders,
        readonly rate: number,
      ) {}
      handle = ({ id }: Place) => ({ total: id });
    }
    expectTypeOf(Wrong).toBeObject();
  });

  it('that are too short or too long are refused', () => {
    // @ts-expect-error the rate is missing
    @CommandHandler(Place, { inject: [Orders] })
    class TooShort {
      constructor(
        readonly orders: Orders,
        readonly rate: number,
      ) {}
      handle = ({ id }: Place) => ({ total: id });
    }
    // @ts-expect-error nobody takes the rate
    @CommandHandler(Place, { inject: [Orders, Rate] })
    class TooLong {
      constructor(readonly orders: Orders) {}
      handle = ({ id }: Place) => ({ total: id });
    }
    expectTypeOf([TooShort, TooLong]).toBeArray();
  });

  it('of services are checked in the same way', () => {
    @Service({ inject: [Orders] })
    class Good {
      constructor(readonly orders: Orders) {}
    }
    // @ts-expect-error a number is no store of orders
    @Service({ inject: [Rate] })
    class Wrong {
      constructor(readonly orders: Orders) {}
    }
    service(Good, { inject: [Orders] });
    // @ts-expect-error nothing is injected
    service(Good, { inject: [] });
    expectTypeOf(Wrong).toBeObject();
  });

  it('are bound to values of their type', () => {
    bind(Rate, 1.2);
    bindFactory(Prices, { inject: [Rate] }, (rate) => ({ priceOf: () => rate.toFixed(2) }));
    // @ts-expect-error a text is no rate
    bind(Rate, '1.2');
    // @ts-expect-error an instance without priceOf
    bind(Prices, {});
    // @ts-expect-error the factory is given a number
    bindFactory(Prices, { inject: [Rate] }, (rate: string) => ({ priceOf: () => rate }));
  });
});

describe('commandHandler', () => {
  it('gives the function its dependencies behind command and context', () => {
    commandHandler(Place, { inject: [Orders, Rate] }, ({ id }, context, orders, rate) => {
      expectTypeOf(context).toEqualTypeOf<CommandContext>();
      expectTypeOf(orders).toEqualTypeOf<Orders>();
      expectTypeOf(rate).toEqualTypeOf<number>();
      return { total: id };
    });
    commandHandler(Forget, {}, async () => {});
  });

  it('gives the function what `prepare` gave, which has the same dependencies', () => {
    commandHandler(
      Place,
      {
        inject: [Orders, Rate],
        prepare: async ({ id }, _context, _orders, rate) => ({ id, price: rate.toFixed(2) }),
      },
      (_command, { prepared }, orders, rate) => {
        expectTypeOf(prepared).toEqualTypeOf<{ id: string; price: string }>();
        expectTypeOf(orders).toEqualTypeOf<Orders>();
        expectTypeOf(rate).toEqualTypeOf<number>();
        return { total: prepared.price };
      },
    );
    // @ts-expect-error there is no session before the unit of work
    commandHandler(Forget, { prepare: (_command, { session }) => session }, () => {});
  });

  it('refuses wrong results and wrong dependencies', () => {
    // @ts-expect-error a number is no string
    commandHandler(Place, {}, () => ({ total: 1 }));
    // @ts-expect-error nothing is injected
    commandHandler(Place, {}, ({ id }, _context, _orders: Orders) => ({ total: id }));
    // @ts-expect-error another message of the same shape
    commandHandler(Place, {}, ({ id }: Same) => ({ total: id }));
    // @ts-expect-error a rate is no store of orders
    commandHandler(Place, { inject: [Rate] }, ({ id }, _context, _orders: Orders) => ({ total: id }));
  });
});

describe('the command bus', () => {
  const bus = {} as CommandBus;

  it('gives what the command declares, bare or in a receipt', () => {
    expectTypeOf(bus.execute(new Place({ id: '1' }))).resolves.toEqualTypeOf<{ total: string }>();
    expectTypeOf(bus.dispatch(new Place({ id: '1' }))).resolves.toEqualTypeOf<Receipt<{ total: string }>>();
    expectTypeOf(bus.execute(new Forget({ id: '1' }))).resolves.toBeVoid();
    expectTypeOf(bus.execute(new Pay({ by: 'cash' }))).resolves.toBeVoid();
  });

  it('takes commands only', () => {
    // @ts-expect-error a query
    bus.execute(new Ask({ id: '1' }));
    // @ts-expect-error no message
    bus.dispatch({ id: '1' });
  });
});

describe('the native type of a session', () => {
  interface Transaction {
    run(sql: string): void;
  }

  it('may be said of the context, in a class and in a function', () => {
    @CommandHandler(Forget)
    class ForgetHandler {
      async handle(_command: Forget, { session }: CommandContext<unknown, Transaction>) {
        expectTypeOf(await session.native()).toEqualTypeOf<Transaction>();
      }
    }
    expectTypeOf(ForgetHandler).toBeConstructibleWith();
    commandHandler(Forget, {}, async (_command, { session }: CommandContext<unknown, Transaction>) => {
      expectTypeOf(await session.native()).toEqualTypeOf<Transaction>();
    });
  });

  it('is unknown where nobody says it', () => {
    commandHandler(Forget, { prepare: async () => 7 }, async (_command, { session, prepared }) => {
      expectTypeOf(await session.native()).toEqualTypeOf<unknown>();
      expectTypeOf(prepared).toEqualTypeOf<number>();
    });
  });
});

describe('handleWith', () => {
  class Counted extends event('spec.Counted', data) {}
  class Count extends command('spec.Count', data).returns<number>() {}
  const counter = decider({
    initialState: () => 0,
    decide: (_: Count | Forget): Counted[] => [],
    evolve: (count: number, _: Counted) => count + 1,
  });
  const stream = () => 'counter';

  it('needs `result` for a command that declares one', () => {
    commandHandler(Count, {}, handleWith(counter, { stream, result: ({ state }) => state }));
    commandHandler(Forget, {}, handleWith(counter, { stream }));
    // @ts-expect-error: the command returns a number, and the handler gives nothing
    commandHandler(Count, {}, handleWith(counter, { stream }));
    // @ts-expect-error: the command returns a number
    commandHandler(Count, {}, handleWith(counter, { stream, result: ({ state }) => `${state}` }));
  });
});

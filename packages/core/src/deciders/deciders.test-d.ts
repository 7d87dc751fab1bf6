import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { Aggregate } from './aggregate.js';
import { AggregateRepository } from './aggregate-repository.js';
import { decider } from './decider.js';
import { handleWith } from './handle-with.js';

const quantity = z.object({ quantity: z.number() });
class Received extends event('stock.Received', quantity) {}
class Shipped extends event('stock.Shipped', quantity) {}
class Receive extends command('stock.Receive', quantity) {}
class Ship extends command('stock.Ship', quantity.extend({ to: z.string() })) {}

const stock = decider({
  initialState: () => 0,
  decide: ({ quantity: by }: Receive | Ship): (Received | Shipped)[] => [new Received({ quantity: by })],
  evolve: (onHand: number, happened: Received | Shipped) => onHand + happened.quantity,
});

describe('deciders', () => {
  test('a handler made of a decider takes its commands, and gives nothing unless asked to', () => {
    const handle = handleWith(stock, { stream: () => 'tea' });
    expectTypeOf(handle).parameter(0).toEqualTypeOf<Receive | Ship>();
    expectTypeOf(handle).returns.resolves.toEqualTypeOf<void>();
  });

  test('it may be for one of the commands, with a result', () => {
    const handle = handleWith(stock, {
      stream: (ship: Ship) => ship.to,
      result: ({ state, events }) => {
        expectTypeOf(events).toEqualTypeOf<readonly (Received | Shipped)[]>();
        return { onHand: state };
      },
    });
    expectTypeOf(handle).parameter(0).toEqualTypeOf<Ship>();
    expectTypeOf(handle).returns.resolves.toEqualTypeOf<{ onHand: number }>();
  });

  test('what a decider does not decide or fold is refused', () => {
    const evolve = (onHand: number, _: Received) => onHand;
    // @ts-expect-error: evolve does not know Shipped, which decide makes
    decider({ initialState: () => 0, decide: (_: Ship): Shipped[] => [], evolve });
    // @ts-expect-error: a state of another type
    decider({ initialState: () => '', decide: (_: Ship): Received[] => [], evolve });
    // @ts-expect-error: not one of its commands
    handleWith(stock, { stream: (other: { nothing: string }) => other.nothing });
  });

  test('an aggregate raises its own events only, and its repository loads it', () => {
    class Stock extends Aggregate<number, Received> {
      protected initialState() {
        return 0;
      }
      protected evolve(onHand: number, { quantity: by }: Received) {
        return onHand + by;
      }
      wrong() {
        // @ts-expect-error: Shipped is none of its events
        this.raise(new Shipped({ quantity: 1 }));
      }
    }
    const stocks = new AggregateRepository(Stock, { stream: (id) => id });
    expectTypeOf(stocks.load).returns.resolves.toEqualTypeOf<Stock>();
  });
});

import {
  anyone,
  command,
  commandBehaviors,
  commandHandler,
  createCommandBus,
  decider,
  event,
  handleWith,
  MessageRegistry,
  type Session,
  systemClock,
  UnitOfWork,
  unitOfWorkBehavior,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { z } from 'zod';
import type { Work } from '../harness/work.js';

class MoveStock extends command('bench.MoveStock', z.object({ item: z.string(), quantity: z.number() })) {}
class OpenStreams extends command('bench.OpenStreams', z.object({ first: z.number(), count: z.number() })) {}
class StockMoved extends event('bench.StockMoved', z.object({ quantity: z.number() })) {}

/** How many streams one command opens: a batch of events is much faster to write than as many commands. */
const batch = 1000;

/** A ledger of stock, event-sourced, in a memory database of its own, through the whole default pipeline. */
export class Stock {
  readonly #bus;

  constructor(work: Work) {
    const registry = new MessageRegistry();
    registry.add(StockMoved);
    const unitOfWork = new UnitOfWork({
      store: memoryDatabase().writeStore,
      registry,
      source: 'bench',
      clock: systemClock,
    });
    this.#bus = createCommandBus({
      handlers: [moveStock(work), openStreams],
      behaviors: commandBehaviors({ clock: systemClock }),
      unitOfWork: unitOfWorkBehavior(unitOfWork),
    });
  }

  /** Loads the item's stream, decides, and appends an event. */
  move(item: number): Promise<void> {
    return this.#bus.execute(new MoveStock({ item: `stock-${item}`, quantity: 1 }));
  }

  /** Makes streams `0` to `count - 1`, each with one event. */
  async open(count: number): Promise<void> {
    for (let first = 0; first < count; first += batch) {
      await this.#bus.execute(new OpenStreams({ first, count: Math.min(batch, count - first) }));
    }
  }
}

const moveStock = (work: Work) => {
  const ledger = decider({
    initialState: () => 0,
    decide({ quantity }: MoveStock, _level) {
      work.handled++;
      return [new StockMoved({ quantity })];
    },
    evolve: (level, { quantity }: StockMoved) => level + quantity,
  });
  return commandHandler(MoveStock, { authorize: anyone }, handleWith(ledger, { stream: ({ item }) => item }));
};

const openStreams = commandHandler(OpenStreams, { authorize: anyone }, ({ first, count }, { session }) => {
  for (let n = first; n < first + count; n++) openStream(session, n);
});

function openStream(session: Session, item: number): void {
  session.append(`stock-${item}`, 'none', [new StockMoved({ quantity: 10 })]);
}

import { memoryDatabase } from '@diptych/core/memory';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../clock/system-clock.js';
import { RefusedError } from '../errors/domain-errors.js';
import { event } from '../messages/event.js';
import { MessageRegistry } from '../messages/message-registry.js';
import { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { Aggregate } from './aggregate.js';
import { AggregateRepository } from './aggregate-repository.js';
import { decideAndAppend } from './decide-and-append.js';
import { decider } from './decider.js';
import { loadState, type StateFold } from './fold.js';
import { handleWith } from './handle-with.js';
import type { SnapshotOptions } from './snapshot-options.js';

const quantity = z.object({ quantity: z.number() });
class Received extends event('stock.Received', quantity) {}
class Shipped extends event('stock.Shipped', quantity) {}
type StockEvent = Received | Shipped;

class Receive {
  constructor(
    readonly product: string,
    readonly quantity: number,
  ) {}
}
class Ship extends Receive {
  readonly ship = true;
}

const ship = (onHand: number, wanted: number) => {
  if (wanted > onHand) throw new RefusedError('out-of-stock', `Only ${onHand} left.`);
  return new Shipped({ quantity: wanted });
};
const evolve = (onHand: number, happened: StockEvent) =>
  happened instanceof Received ? onHand + happened.quantity : onHand - happened.quantity;

const stock = decider({
  initialState: () => 0,
  decide: (command: Receive | Ship, onHand): StockEvent[] => {
    if (command.quantity === 0) return [];
    return 'ship' in command
      ? [ship(onHand, command.quantity)]
      : [new Received({ quantity: command.quantity })];
  },
  evolve,
});

class Stock extends Aggregate<number, StockEvent> {
  protected initialState() {
    return 0;
  }
  protected evolve(onHand: number, happened: StockEvent) {
    return evolve(onHand, happened);
  }
  get onHand() {
    return this.state;
  }
  receive(amount: number) {
    this.raise(new Received({ quantity: amount }));
  }
  ship(amount: number) {
    this.raise(ship(this.state, amount));
  }
}

function setUp() {
  const database = memoryDatabase();
  const registry = new MessageRegistry();
  registry.add(Received);
  registry.add(Shipped);
  const units = new UnitOfWork({ store: database.writeStore, registry, source: 'test', clock: systemClock });
  const meta = {
    id: 'm',
    name: 'test.Do',
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: 'c',
    causationId: 'm',
    tenant: 'default',
    subject: { id: '', roles: [] },
    source: 'test',
  };
  const unit = async <T>(work: () => Promise<T>) => {
    const answer = await units.run({ meta }, work);
    if (answer.kind === 'settled') throw new Error('Nothing was claimed.');
    return answer.result;
  };
  const stored = async (name: string) =>
    (await database.writeStore.loadStream({ tenant: 'default', name })).map(({ data }) => data);
  return { database, unit, stored };
}

describe('a decider', () => {
  test('decides on the folded state, and its events are appended at that version', async () => {
    const { unit, stored } = setUp();
    await unit(() => decideAndAppend(stock, 'tea', new Receive('tea', 5)));
    const decided = await unit(() => decideAndAppend(stock, 'tea', new Ship('tea', 2)));
    expect(decided).toMatchObject({ state: 3, version: 2, events: [{ quantity: 2 }] });
    expect(await stored('tea')).toEqual(['{"quantity":5}', '{"quantity":2}']);
    expect(await unit(() => loadState(stock, 'tea'))).toEqual({ state: 3, version: 2 });
  });

  test('a refusal appends nothing', async () => {
    const { unit, stored } = setUp();
    await expect(unit(() => decideAndAppend(stock, 'tea', new Ship('tea', 1)))).rejects.toMatchObject({
      code: 'out-of-stock',
    });
    expect(await stored('tea')).toEqual([]);
  });

  test('several decisions in one session build on each other', async () => {
    const { unit, stored } = setUp();
    await unit(async () => {
      await decideAndAppend(stock, 'tea', new Receive('tea', 1));
      await decideAndAppend(stock, 'tea', new Ship('tea', 1));
      await expect(decideAndAppend(stock, 'tea', new Ship('tea', 1))).rejects.toMatchObject({
        code: 'out-of-stock',
      });
    });
    expect(await stored('tea')).toHaveLength(2);
  });

  test('two units that decide on one version: one wins, the other conflicts', async () => {
    const { unit } = setUp();
    const decide = () => unit(() => decideAndAppend(stock, 'tea', new Receive('tea', 1)));
    const outcomes = await Promise.allSettled([decide(), decide()]);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'concurrency-conflict' },
    });
  });

  test('no events append nothing', async () => {
    const { unit, stored } = setUp();
    expect(await unit(() => decideAndAppend(stock, 'tea', new Receive('tea', 0)))).toMatchObject({
      events: [],
      version: 0,
    });
    expect(await stored('tea')).toEqual([]);
  });

  test('handleWith makes a handler of it, with a partition key and a result', async () => {
    const { database, unit } = setUp();
    const handle = handleWith(stock, {
      stream: (command) => `stock-${command.product}`,
      partitionKey: (command) => `shelf of ${command.product}`,
      result: ({ state }) => ({ onHand: state }),
    });
    expect(await unit(() => handle(new Receive('tea', 4)))).toEqual({ onHand: 4 });
    const [recorded] = await database.writeStore.loadStream({ tenant: 'default', name: 'stock-tea' });
    const elsewhere = await unit(() => decideAndAppend(stock, 'shelf of tea', new Receive('tea', 1)));
    expect(elsewhere.version).toBe(1);
    const [other] = await database.writeStore.loadStream({ tenant: 'default', name: 'shelf of tea' });
    expect(recorded?.partition).toBe(other?.partition);
    expect(await unit(() => handleWith(stock, { stream: () => 'x' })(new Receive('tea', 1)))).toBeUndefined();
  });
});

describe('an aggregate', () => {
  const stocks = () => new AggregateRepository(Stock, { stream: (id) => `stock-${id}` });

  test('changes by the events that it raises, and is saved at the version it was loaded at', async () => {
    const { unit, stored } = setUp();
    const repository = stocks();
    await unit(async () => {
      const tea = await repository.load('tea');
      expect(tea.version).toBe(0);
      tea.receive(5);
      tea.ship(1);
      expect([tea.onHand, tea.version]).toEqual([4, 2]);
      repository.save(tea);
      tea.ship(1);
      repository.save(tea);
      repository.save(tea);
    });
    expect(await stored('stock-tea')).toHaveLength(3);
    const again = await unit(() => repository.load('tea'));
    expect([again.onHand, again.version]).toEqual([3, 3]);
  });

  test('one changed by two units conflicts', async () => {
    const { unit } = setUp();
    const repository = stocks();
    const receive = () =>
      unit(async () => {
        const tea = await repository.load('tea');
        tea.receive(1);
        repository.save(tea);
      });
    const outcomes = await Promise.allSettled([receive(), receive()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('one that was not loaded cannot be saved', async () => {
    const { unit } = setUp();
    const unsaved = unit(async () => stocks().save(new Stock()));
    await expect(unsaved).rejects.toMatchObject({ code: 'aggregate-not-loaded' });
  });
});

describe('the options of snapshots', () => {
  const load = <State>(options: Partial<SnapshotOptions<State>>, initialState: () => State) => {
    const { database, unit } = setUp();
    const snapshots = { store: database.snapshots, name: 'stock', schemaVersion: 1, ...options };
    return unit(() => loadState({ initialState, evolve: (state) => state }, 'tea', snapshots));
  };

  test.each([0, -1, 1.5, Number.NaN])('refuse a snapshot every %s events', async (every) => {
    await expect(load({ every }, () => 0)).rejects.toMatchObject({ code: 'snapshot-options' });
  });

  test.each([
    ['a set', () => ({ products: new Set(['tea']) }), "'products'"],
    ['a date', () => ({ since: { day: new Date(0) } }), "'since.day'"],
    ['a class', () => new Receive('tea', 1), 'the whole'],
    ['a big integer', () => [1n], "'0'"],
  ])('refuse, at the first command, a state that JSON would lose: %s', async (_what, initialState, lost) => {
    const failed = load<unknown>({}, initialState);
    await expect(failed).rejects.toMatchObject({
      code: 'snapshot-state',
      message: expect.stringContaining(lost),
    });
  });

  test('take any state with an encoding of its own', async () => {
    const encode = (products: Set<string>) => JSON.stringify([...products]);
    const decode = (text: string) => new Set(JSON.parse(text) as string[]);
    expect(await load({ encode, decode }, () => new Set(['tea']))).toMatchObject({ version: 0 });
  });
});

describe('snapshots', () => {
  const counted = () => {
    const evolved = vi.fn(evolve);
    const fold: StateFold<number, StockEvent> = { initialState: () => 0, evolve: evolved };
    return { fold, evolved };
  };
  async function withEvents(count: number) {
    const made = setUp();
    const { fold, evolved } = counted();
    for (let number = 0; number < count; number++)
      await made.unit(() => decideAndAppend(stock, 'tea', new Receive('tea', 1)));
    const options: SnapshotOptions<number> = {
      store: made.database.snapshots,
      name: 'stock',
      schemaVersion: 1,
      every: 3,
    };
    const load = (changed: Partial<SnapshotOptions<number>> = {}) =>
      made.unit(() => loadState(fold, 'tea', { ...options, ...changed }));
    return {
      ...made,
      load,
      evolved,
      key: { stream: { tenant: 'default', name: 'tea' }, name: 'stock', schemaVersion: 1 },
    };
  }

  test('are taken after every n events, and save folding what is in them', async () => {
    const { unit, load, evolved, database, key } = await withEvents(2);
    await load();
    expect(await database.snapshots.load(key)).toBeUndefined();
    await unit(() => decideAndAppend(stock, 'tea', new Receive('tea', 1)));
    await load();
    expect(await database.snapshots.load(key)).toMatchObject({ version: 3, state: '3' });
    await unit(() => decideAndAppend(stock, 'tea', new Receive('tea', 1)));
    evolved.mockClear();
    expect(await load()).toEqual({ state: 4, version: 4 });
    expect(evolved).toHaveBeenCalledTimes(1);
  });

  test('of another schema version are ignored', async () => {
    const { load, evolved } = await withEvents(3);
    await load();
    evolved.mockClear();
    expect(await load({ schemaVersion: 2 })).toEqual({ state: 3, version: 3 });
    expect(evolved).toHaveBeenCalledTimes(3);
  });

  test('of a stream that was restored are ignored', async () => {
    const { load, database, key } = await withEvents(2);
    for (const version of [1, 2, 9]) {
      await database.snapshots.save({ ...key, version, eventId: 'of another past', state: '99' });
      expect(await load()).toEqual({ state: 2, version: 2 });
    }
  });

  test('hold only what is committed', async () => {
    const { unit, database, key } = await withEvents(2);
    const snapshots = { store: database.snapshots, name: 'stock', schemaVersion: 1, every: 2 };
    await unit(async () => {
      await decideAndAppend(stock, 'tea', new Receive('tea', 1), { snapshots });
      expect(await loadState(stock, 'tea', snapshots)).toEqual({ state: 3, version: 3 });
    });
    expect(await database.snapshots.load(key)).toMatchObject({ version: 2, state: '2' });
  });

  test('that cannot be saved do not fail the command', async () => {
    const { load } = await withEvents(3);
    const store = {
      load: async () => undefined,
      delete: async () => {},
      save: () => Promise.reject(new Error('full')),
    };
    expect(await load({ store })).toEqual({ state: 3, version: 3 });
  });
});

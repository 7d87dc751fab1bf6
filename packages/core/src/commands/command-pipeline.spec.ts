import { FakeClock } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RefusedError } from '../errors/domain-errors.js';
import { OutcomeUnknownError } from '../errors/infrastructure-errors.js';
import { anyone } from '../handlers/policy.js';
import { parseConsistency } from '../journal/consistency-token.js';
import { type MemoryDatabase, memoryDatabase } from '../memory/memory-database.js';
import { command } from '../messages/command.js';
import type { Envelope, MessageMeta } from '../messages/envelope.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import { event } from '../messages/event.js';
import { MessageRegistry } from '../messages/message-registry.js';
import type { Behavior } from '../pipeline/behavior.js';
import { findOpenSession } from '../unit-of-work/current-session.js';
import { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { commandBehaviors } from './command-behaviors.js';
import type { CommandContext, CommandMessageContext } from './command-context.js';
import { commandHandler, type FunctionCommandHandlerOptions } from './command-handler.js';
import { createCommandBus, type RunningCommandBus } from './create-command-bus.js';
import { aroundPrepare, unitOfWorkBehavior } from './unit-of-work-behavior.js';

class Place extends command('spec.Place', z.object({ order: z.string() })).returns(
  z.object({ total: z.number() }),
) {}
class Placed extends event('spec.Placed', z.object({ order: z.string() })) {}
type Handle = (command: Place, context: CommandContext) => Promise<{ total: number }> | { total: number };

/** Several programs on one database: each has its own bus, and they share only what is stored. */
function program(
  handle: Handle,
  options: Omit<FunctionCommandHandlerOptions<Place, undefined, unknown>, 'authorize'> = {},
) {
  const clock = new FakeClock();
  const database = memoryDatabase({ clock, incarnation: 'spec', sessionTimeLimitInMs: 10_000 });
  const busOf = (
    behaviorOptions: object = {},
    store: MemoryDatabase['writeStore'] = database.writeStore,
  ): RunningCommandBus => {
    const registry = new MessageRegistry();
    registry.add(Placed);
    const unitOfWork = new UnitOfWork({ store, registry, source: 'spec', clock });
    return createCommandBus({
      handlers: [commandHandler(Place, { ...options, authorize: anyone }, handle)],
      envelopes: new EnvelopeFactory({ source: 'spec', clock }),
      behaviors: commandBehaviors({ clock, timeoutInMs: 5_000, ...behaviorOptions }),
      unitOfWork: unitOfWorkBehavior(unitOfWork),
      aroundPrepare: aroundPrepare(unitOfWork),
      incarnation: () => 'spec',
      insideSession: () => findOpenSession() !== undefined,
    });
  };
  const stored = (order: string) => database.writeStore.loadStream({ tenant: 'default', name: order });
  return { clock, database, busOf, bus: busOf(), stored };
}

/** Counts its runs, and appends one event each time. */
function counting(between: (run: number) => unknown = () => undefined) {
  const state = { runs: 0 };
  const handle: Handle = async ({ order }, { session }) => {
    const run = ++state.runs;
    session.append(order, 'any', [new Placed({ order })]);
    await between(run);
    return { total: run };
  };
  return { state, handle };
}
const gate = () => {
  let open: () => void = () => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
};
const place = new Place({ order: 'order-1' });

describe('the command pipeline', () => {
  it('promise 1: commits what the handler appended, and tells where', async () => {
    const { bus, stored } = program(counting().handle);
    const { result, consistency } = await bus.dispatch(place);
    const [recorded] = await stored('order-1');
    expect(result).toEqual({ total: 1 });
    expect(parseConsistency(consistency)).toEqual({
      incarnation: 'spec',
      ranges: [{ partition: recorded?.partition, first: recorded?.position, last: recorded?.position }],
    });
  });

  it('gives events what their command brought: correlation, cause, trace, tenant and subject', async () => {
    const { bus, database } = program(counting().handle);
    const subject = { id: 'ann', roles: ['customer'] };
    const said = { tenant: 'north', subject, correlationId: 'c-1', traceparent: '00-1-2-01' };
    await bus.dispatch(place, { id: 'm-1', ...said });
    const [recorded] = await database.writeStore.loadStream({ tenant: 'north', name: 'order-1' });
    expect(recorded).toMatchObject({ ...said, causationId: 'm-1', source: 'spec' });
  });

  it('promise 1: keeps nothing of a command that was refused', async () => {
    const { bus, stored } = program(async ({ order }, { session }) => {
      session.append(order, 'any', [new Placed({ order })]);
      throw new RefusedError('sold-out', 'There is none left.');
    });
    await expect(bus.execute(place)).rejects.toMatchObject({ code: 'sold-out' });
    expect(await stored('order-1')).toEqual([]);
  });

  it('runs the handler again on fresh state when another was first', async () => {
    const seen: number[] = [];
    const { bus, database, stored } = program(async ({ order }, { session, meta }) => {
      const { version } = await session.load(order);
      seen.push(version);
      // The first time, another process is faster.
      if (seen.length === 1) await rival(database, meta);
      session.append(order, version === 0 ? 'none' : version, [new Placed({ order })]);
      return { total: version };
    });
    expect(await bus.execute(place)).toEqual({ total: 1 });
    expect(seen).toEqual([0, 1]);
    expect(await stored('order-1')).toHaveLength(2);
  });

  it('refuses a command executed inside a handler', async () => {
    let nested: RunningCommandBus | undefined;
    const { bus } = program(async (_place, { tenant }) => {
      if (tenant === 'outer') await nested?.execute(place);
      return { total: 0 };
    });
    nested = bus;
    await expect(bus.execute(place, { tenant: 'outer' })).rejects.toMatchObject({
      code: 'execute-in-handler',
    });
  });

  it('promise 4: rolls back when the time is over, and says so', async () => {
    const forever = gate();
    const { bus, clock, stored } = program(counting(() => forever.passed).handle);
    const answer = expect(bus.execute(place)).rejects.toMatchObject({ code: 'time-limit' });
    await clock.advance(5_000);
    await answer;
    forever.open();
    await clock.advance(0);
    expect(await stored('order-1')).toEqual([]);
  });

  it('waits for a commit that is on its way when the time is over, and does not deny it', async () => {
    const { handle } = counting();
    const { busOf, clock, database, stored } = program(handle);
    const committing = gate();
    const slow = wrapped(database.writeStore, async (batch) => {
      await committing.passed;
      return database.writeStore.commit(batch as never);
    });
    const answer = busOf({}, slow).execute(place);
    await clock.advance(6_000);
    committing.open();
    expect(await answer).toEqual({ total: 1 });
    expect(await stored('order-1')).toHaveLength(1);
  });

  it('promise 4: does not deny a commit when what a behavior does behind it takes too long', async () => {
    const { busOf, clock, stored } = program(counting().handle);
    const slowBehind: Behavior<CommandMessageContext> = {
      name: 'slow',
      wrap: (next) => async (message, context) => {
        await next(message, context);
        return new Promise(() => {});
      },
    };
    const answer = expect(busOf({ behaviors: [slowBehind] }).dispatch(place)).rejects.toMatchObject({
      code: 'outcome-unknown',
    });
    await clock.advance(5_000);
    await answer;
    expect(await stored('order-1')).toHaveLength(1);
  });

  it('prints its order', () => {
    const { bus } = program(counting().handle);
    expect(bus.describe()[0]?.behaviors).toEqual(['time-out', 'idempotency', 'retry', 'unit of work']);
  });
});

describe('a command that comes twice', () => {
  it('promise 4: gives the first receipt back and changes nothing', async () => {
    const { bus, busOf, stored } = program(counting().handle);
    const first = await bus.dispatch(place, { id: 'm-1' });
    expect(await bus.dispatch(place, { id: 'm-1' })).toEqual(first);
    expect(await busOf().dispatch(place, { id: 'm-1' })).toEqual(first);
    expect(await stored('order-1')).toHaveLength(1);
  });

  it('promise 4: at the same time in one process, runs once and all get the same receipt', async () => {
    const { state, handle } = counting();
    const { bus } = program(handle);
    const receipts = await Promise.all([1, 2, 3].map(() => bus.dispatch(place, { id: 'm-1' })));
    expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(1);
    expect(state.runs).toBe(1);
  });

  it('waits for the first one in the process without asking the store', async () => {
    const { busOf, database } = program(counting().handle);
    let claims = 0;
    const counted = new Proxy(database.writeStore, {
      get(target, name) {
        if (name === 'claim') claims++;
        const member = target[name as keyof typeof target] as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const bus = busOf({}, counted);
    await Promise.all([1, 2, 3].map(() => bus.dispatch(place, { id: 'm-1' })));
    expect(claims).toBe(1);
  });

  it('promise 4: at the same time in two processes, runs once', async () => {
    const { state, handle } = counting();
    const { busOf } = program(handle);
    const [one, other] = await Promise.all(
      [busOf(), busOf()].map((bus) => bus.dispatch(place, { id: 'm-1' })),
    );
    expect(one).toEqual(other);
    expect(state.runs).toBe(1);
  });

  it('promise 4: under an Idempotency-Key, counts per subject, tenant and command', async () => {
    const { state, handle } = counting();
    const { bus } = program(handle);
    const as = (id: string, tenant = 'default') =>
      bus.dispatch(place, { idempotencyKey: 'k', tenant, subject: { id, roles: [] } });
    const first = await as('ann');
    expect((await as('ann')).messageId).toBe(first.messageId);
    await as('bob');
    await as('ann', 'north');
    expect(state.runs).toBe(3);
  });

  it('promise 4: is refused under one key with other data, also while the first is running', async () => {
    const running = gate();
    const { bus } = program(counting(() => running.passed).handle);
    const other = new Place({ order: 'order-2' });
    const first = bus.dispatch(place, { idempotencyKey: 'k' });
    const during = expect(bus.dispatch(other, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'idempotency-mismatch',
    });
    running.open();
    await Promise.all([first, during]);
    await expect(bus.dispatch(other, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'idempotency-mismatch',
    });
  });

  it('promise 4: may be tried again after a refusal', async () => {
    const { state, handle } = counting((run) => {
      if (run === 1) throw new RefusedError('sold-out', 'There is none left.');
    });
    const { bus } = program(handle);
    await expect(bus.execute(place, { id: 'm-1' })).rejects.toMatchObject({ code: 'sold-out' });
    expect(await bus.execute(place, { id: 'm-1' })).toEqual({ total: 2 });
    expect(state.runs).toBe(2);
  });

  it('promise 4: runs when the first of the copies that wait fails', async () => {
    const { handle } = counting((run) => {
      if (run === 1) throw new RefusedError('sold-out', 'There is none left.');
    });
    const { bus } = program(handle);
    const [first, second, third] = await Promise.allSettled(
      [1, 2, 3].map(() => bus.execute(place, { id: 'm-1' })),
    );
    expect(first?.status).toBe('rejected');
    expect([second, third]).toEqual([
      { status: 'fulfilled', value: { total: 2 } },
      { status: 'fulfilled', value: { total: 2 } },
    ]);
  });

  it('promise 4: does not wait for ever for the first one', async () => {
    const running = gate();
    const { busOf, clock } = program(counting(() => running.passed).handle);
    const bus = busOf({ waitInMs: 100 });
    const first = bus.execute(place, { id: 'm-1' });
    const copy = expect(bus.execute(place, { id: 'm-1' })).rejects.toMatchObject({
      code: 'command-in-progress',
      retryable: true,
    });
    await clock.advance(100);
    await copy;
    running.open();
    expect(await first).toEqual({ total: 1 });
  });

  it('promise 4: runs when the `prepare` step of the first one never ended, and is not begun for nobody', async () => {
    let prepared = 0;
    const prepare = () => (++prepared === 1 ? new Promise(() => {}) : undefined);
    const { bus, clock } = program(counting().handle, { prepare });
    const hangs = expect(bus.dispatch(place, { id: 'c-1' })).rejects.toMatchObject({ code: 'time-limit' });
    await clock.advance(1_000);
    const caller = new AbortController();
    const gone = bus.dispatch(place, { id: 'c-1', abortSignal: caller.signal });
    caller.abort();
    await expect(gone).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(4_000);
    await hangs;
    await clock.advance(1_000);
    expect(prepared).toBe(1);
    expect((await bus.dispatch(place, { id: 'c-1' })).result).toEqual({ total: 1 });
  });

  it('promise 4: prepares nothing again, and is still refused under other data', async () => {
    let prepared = 0;
    const prepare = () => void prepared++;
    const { busOf, database } = program(counting().handle, { prepare });
    const first = await busOf().dispatch(place, { id: 'c-1' });
    expect(await busOf().dispatch(place, { id: 'c-1' })).toEqual(first);
    const other = busOf().dispatch(new Place({ order: 'order-2' }), { id: 'c-1' });
    await expect(other).rejects.toMatchObject({ code: 'idempotency-mismatch' });
    expect(prepared).toBe(1);
    expect(await database.writeStore.commit({ entries: [] })).toEqual({ ranges: [] });
  });

  it('keeps a result that must not be stored out of the store', async () => {
    const { bus, busOf } = program(counting().handle, { remember: false });
    const first = await bus.dispatch(place, { id: 'm-1' });
    const again = await busOf().dispatch(place, { id: 'm-1' });
    expect(first.result).toEqual({ total: 1 });
    expect(again).toEqual({ ...first, result: undefined });
  });

  it('promise 4: settles an unknown commit by claiming again', async () => {
    const { state, handle } = counting();
    const { busOf, clock, database, stored } = program(handle);
    let lost = 2;
    const forgetful = wrapped(database.writeStore, undefined, async (transaction, batch) => {
      const committed = await transaction.commit(batch);
      if (lost-- > 0) throw new OutcomeUnknownError('The connection broke.');
      return committed;
    });
    const answer = busOf({}, forgetful).dispatch(place, { id: 'm-1' });
    await clock.advance(1_000);
    expect(await answer).toMatchObject({ result: { total: 1 }, messageId: 'm-1' });
    expect(state.runs).toBe(1);
    expect(await stored('order-1')).toHaveLength(1);
  });
});

describe('a queued command', () => {
  it('promise 4: is claimed by its message id, and its refusal is remembered', async () => {
    const { state, handle } = counting(() => {
      throw new RefusedError('sold-out', 'There is none left.', { details: { left: 0 } });
    });
    const { bus } = program(handle);
    const meta = new EnvelopeFactory({ source: 'spec', clock: new FakeClock() }).sentCommand(
      place,
      {},
      'm-1',
    );
    const refusal = { code: 'sold-out', details: { left: 0 } };
    await expect(bus.handle(place, meta)).rejects.toMatchObject(refusal);
    await expect(bus.handle(place, meta)).rejects.toMatchObject(refusal);
    expect(state.runs).toBe(1);
  });
});

type Store = MemoryDatabase['writeStore'];
type Transaction = Awaited<ReturnType<Store['begin']>>;

/** The store, with another way to commit. */
function wrapped(
  store: Store,
  commit?: (batch: unknown) => Promise<unknown>,
  commitTransaction?: (transaction: Transaction, batch: never) => Promise<unknown>,
): Store {
  const wrap = (transaction: Transaction): Transaction =>
    commitTransaction === undefined
      ? transaction
      : ({
          native: transaction.native,
          rollback: () => transaction.rollback(),
          commit: (batch: never) => commitTransaction(transaction, batch),
        } as never);
  return new Proxy(store, {
    get(target, name) {
      if (name === 'commit' && commit !== undefined) return commit;
      if (name === 'begin') return async (options: never) => wrap(await target.begin(options));
      if (name === 'claim') {
        return async (...input: Parameters<Store['claim']>) => {
          const claim = await target.claim(...input);
          return claim.state === 'claimed' ? { ...claim, transaction: wrap(claim.transaction) } : claim;
        };
      }
      const member = target[name as keyof Store] as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

async function rival({ writeStore }: MemoryDatabase, meta: MessageMeta): Promise<void> {
  const stream = { tenant: 'default', name: 'order-1' };
  const placed: Envelope = {
    ...meta,
    kind: 'event',
    id: 'rival',
    name: 'spec.Placed',
    data: '{"order":"order-1"}',
  };
  const append = {
    kind: 'append',
    stream,
    expectedVersion: 'any',
    partitionKey: undefined,
    events: [placed],
  } as const;
  await writeStore.commit({ entries: [append] });
}

import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import { bind } from '../handlers/binding.js';
import { token } from '../handlers/injection.js';
import { registrationOf } from '../handlers/registration.js';
import { Resolver } from '../handlers/resolver.js';
import { command } from '../messages/command.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import { event } from '../messages/event.js';
import { MessageRegistry } from '../messages/message-registry.js';
import { SubscriptionRunner } from '../subscriptions/subscription-runner.js';
import { findOpenSession } from '../unit-of-work/current-session.js';
import { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { eventBehaviors } from './event-behaviors.js';
import { EventConsumer } from './event-consumer.js';
import type { EventContext } from './event-context.js';
import { EventHandler, type EventHandlerRegistration, eventHandler } from './event-handler.js';

class Ordered extends event('spec.Ordered', z.object({ customer: z.string(), total: z.number() })) {}
class Shipped extends event('spec.Shipped', z.object({ by: z.string() })) {}
class Renamed extends event('spec.Renamed', z.object({ name: z.string() }), {
  version: 2,
  upcast: [({ old }: { old: string }) => (old === '' ? null : { name: old })],
}) {}
class SendMail extends command('spec.SendMail', z.object({ to: z.string() })) {}

const clock = new FakeClock();
const meta = {
  id: 'cause',
  name: 'spec.Cause',
  schemaVersion: 1,
  time: new Date(clock.now()).toISOString(),
  correlationId: 'correlation',
  causationId: 'cause',
  tenant: 'north',
  subject: { id: 'anna', roles: ['customer'] },
  source: 'spec',
};

async function fixture(handlers: readonly EventHandlerRegistration[], resolver = new Resolver()) {
  const database = memoryDatabase({ clock, partitions: 1 });
  const registry = new MessageRegistry();
  for (const type of [Ordered, Shipped, Renamed, SendMail]) registry.add(type);
  const unitOfWork = new UnitOfWork({ store: database.writeStore, registry, source: 'spec', clock });
  const envelopes = new EnvelopeFactory({ source: 'spec', clock });
  const behaviors = eventBehaviors({ clock, retry: {} });
  const consumer = new EventConsumer({ handlers, resolver, unitOfWork, envelopes, behaviors });
  const { reader, subscriptions: store } = database;
  const start = (owner: string) => {
    const subscription = handlers[0]!.subscription;
    const parking = { immediate: 0, delaysInMs: [] };
    return new SubscriptionRunner({
      subscription,
      consumer,
      store,
      reader,
      owner,
      partitions: 1,
      clock,
      parking,
    });
  };
  const runner = start('one');
  return {
    ...database,
    consumer,
    runner,
    start,
    write: (stream: string, ...events: (Ordered | Shipped | Renamed)[]) =>
      unitOfWork.run({ meta }, async (session) => session.append(stream, 'any', events)),
    async settle() {
      while (await runner.turn());
    },
    async sent() {
      const { entries } = await reader.readAll(undefined, { maxEvents: 1_000, maxBytes: 1_000_000 });
      return entries.filter(({ kind }) => kind === 'command');
    },
  };
}

const mails = eventHandler(Ordered, { name: 'mails' }, async ({ customer }, { session }) => {
  session.send(new SendMail({ to: customer }));
});

describe('event handlers', () => {
  test('the class and the function make the same registration', () => {
    @EventHandler(Ordered, { name: 'mails' })
    class Mails {
      async handle(event: Ordered, { session }: EventContext) {
        session.send(new SendMail({ to: event.customer }));
      }
    }
    const { source: _class, ...ofClass } = registrationOf(Mails) as EventHandlerRegistration;
    const { source: _function, ...ofFunction } = mails;
    expect(ofClass).toEqual(ofFunction);
    expect(mails.subscription).toBe('events/mails');
  });

  test('what a handler sends is caused by the event, and sent as who caused that', async () => {
    const { write, settle, sent, reader } = await fixture([mails]);
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }));
    await settle();
    const [cause] = (
      await reader.read([{ partition: 0, after: undefined }], { maxEvents: 1, maxBytes: 1 })
    )[0]!.entries;
    expect(await sent()).toMatchObject([
      {
        name: 'spec.SendMail',
        data: '{"to":"anna"}',
        causationId: cause!.id,
        correlationId: 'correlation',
        tenant: 'north',
        subject: { id: 'anna', delegated: true },
      },
    ]);
  });

  test('promise 3: an event that comes again is not handled again, nor prepared', async () => {
    let prepared = 0;
    @EventHandler(Ordered, { name: 'mails' })
    class Mails {
      prepare() {
        prepared++;
      }
      handle({ customer }: Ordered, { session }: EventContext) {
        session.send(new SendMail({ to: customer }));
      }
    }
    const handlers = [registrationOf(Mails) as EventHandlerRegistration];
    const { write, settle, sent, consumer, reader } = await fixture(handlers);
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }));
    await settle();
    const [slice] = await reader.read([{ partition: 0, after: undefined }], {
      maxEvents: 9,
      maxBytes: 9_999,
    });
    const context = {
      subscription: 'events/mails',
      partition: 0,
      epoch: 9,
      checkpoint: undefined,
      abortSignal: AbortSignal.abort,
    };
    const again = slice!.entries.flatMap((entry) => consumer.itemsOf(entry));
    expect(again).toHaveLength(1);
    const signal = new AbortController().signal;
    expect(await consumer.handle(again, { ...context, abortSignal: signal })).toEqual([]);
    expect(await sent()).toHaveLength(1);
    expect(prepared).toBe(1);
  });

  test('a function has a prepare step as well, before its session is open', async () => {
    const prepares = eventHandler(
      Ordered,
      {
        name: 'mails',
        prepare: async ({ customer }) => (findOpenSession() === undefined ? `Ms ${customer}` : 'too late'),
      },
      (_event, { prepared, session }) => void session.send(new SendMail({ to: prepared })),
    );
    const { write, settle, sent } = await fixture([prepares]);
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }));
    await settle();
    expect(await sent()).toMatchObject([{ data: '{"to":"Ms anna"}' }]);
  });

  test('promise 1: when a handler throws, nothing of what it sent goes out', async () => {
    const broken = eventHandler(Ordered, { name: 'broken' }, async (_event, { session }) => {
      session.send(new SendMail({ to: 'nobody' }));
      throw new Error('broken');
    });
    const { write, settle, sent, subscriptions } = await fixture([broken]);
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }));
    await settle();
    expect(await sent()).toEqual([]);
    expect(await subscriptions.listParked({})).toMatchObject([
      { key: 'north/order-1', failure: { message: 'broken' } },
    ]);
  });

  test('several events for one name come in the order of their stream', async () => {
    const seen: string[] = [];
    const ordered = eventHandler(Ordered, { name: 'log' }, (event) => void seen.push(event.customer));
    const shipped = eventHandler(Shipped, { name: 'log' }, (event) => void seen.push(event.by));
    const { write, settle } = await fixture([ordered, shipped]);
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }), new Shipped({ by: 'ship' }));
    await write('order-1', new Ordered({ customer: 'bert', total: 3 }));
    await settle();
    expect(seen).toEqual(['anna', 'ship', 'bert']);
  });

  test('events that no handler takes are passed over, those of unknown names too', async () => {
    const seen: string[] = [];
    const shipped = eventHandler(Shipped, { name: 'log' }, (event) => void seen.push(event.by));
    const { write, settle, writeStore, runner } = await fixture([shipped]);
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }));
    const stranger = { ...meta, id: 'stranger', kind: 'event' as const, name: 'other.Happened', data: '{' };
    const stream = { tenant: 'north', name: 'order-1' };
    await writeStore.commit({
      entries: [
        { kind: 'append', stream, expectedVersion: 'any', partitionKey: undefined, events: [stranger] },
      ],
    });
    await write('order-1', new Shipped({ by: 'ship' }));
    await settle();
    expect(seen).toEqual(['ship']);
    expect(runner.status()).toMatchObject([{ state: 'running', parkedKeys: 0 }]);
  });

  test('promise 6: the key that a handler names is what parks', async () => {
    const seen: number[] = [];
    const byCustomer = eventHandler(
      Ordered,
      { name: 'sums', key: ({ customer }) => customer },
      ({ customer, total }) => {
        if (customer === 'bert') throw new Error('Not for bert.');
        seen.push(total);
      },
    );
    const { write, settle, subscriptions } = await fixture([byCustomer]);
    await write(
      'orders',
      new Ordered({ customer: 'anna', total: 1 }),
      new Ordered({ customer: 'bert', total: 2 }),
    );
    await write(
      'orders',
      new Ordered({ customer: 'bert', total: 3 }),
      new Ordered({ customer: 'anna', total: 4 }),
    );
    await settle();
    expect(seen).toEqual([1, 4]);
    expect((await subscriptions.listParked({})).map(({ key }) => key)).toEqual(['north/bert', 'north/bert']);
  });

  test('old events are lifted, and one that its upcaster drops is nothing to handle', async () => {
    const seen: string[] = [];
    const renamed = eventHandler(Renamed, { name: 'names' }, (event) => void seen.push(event.name));
    const { settle, writeStore, runner } = await fixture([renamed]);
    const events = ['', 'new'].map((old) => ({
      ...meta,
      id: `renamed-${old}`,
      kind: 'event' as const,
      name: 'spec.Renamed',
      data: JSON.stringify({ old }),
    }));
    const stream = { tenant: 'north', name: 'names' };
    await writeStore.commit({
      entries: [{ kind: 'append', stream, expectedVersion: 'none', partitionKey: undefined, events }],
    });
    await settle();
    expect(seen).toEqual(['new']);
    expect(runner.status()).toMatchObject([{ parkedKeys: 0 }]);
  });

  test('a store out of reach pauses, and parks nothing', async () => {
    let isDown = true;
    const needsStore = eventHandler(Ordered, { name: 'needs' }, () => {
      if (isDown) throw new UnavailableError('out of reach');
    });
    const { write, settle, subscriptions, runner } = await fixture([needsStore]);
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }));
    await settle();
    expect(runner.status()).toMatchObject([{ state: 'paused' }]);
    expect(await subscriptions.listParked({})).toEqual([]);
    isDown = false;
    await clock.advance(1_000);
    await settle();
    expect(runner.status()).toMatchObject([{ state: 'running' }]);
  });

  test('what is injected comes behind event and context', async () => {
    const Log = token<string[]>('log');
    const lines: string[] = [];
    const logged = eventHandler(Ordered, { name: 'log', inject: [Log] }, ({ customer }, { tenant }, log) => {
      log.push(`${tenant}: ${customer}`);
    });
    const { write, settle } = await fixture([logged], new Resolver({ provide: [bind(Log, lines)] }));
    await write('order-1', new Ordered({ customer: 'anna', total: 3 }));
    await settle();
    expect(lines).toEqual(['north: anna']);
  });
});

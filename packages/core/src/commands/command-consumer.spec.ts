import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RefusedError } from '../errors/domain-errors.js';
import { internal } from '../handlers/policy.js';
import { command } from '../messages/command.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import { MessageRegistry } from '../messages/message-registry.js';
import { positionAt } from '../partitions/position.js';
import type { ConsumeContext } from '../subscriptions/consumer.js';
import { SubscriptionRunner } from '../subscriptions/subscription-runner.js';
import { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { commandBehaviors } from './command-behaviors.js';
import { CommandConsumer, commandSubscription } from './command-consumer.js';
import { commandHandler } from './command-handler.js';
import { findOutcome, waitForOutcome } from './command-outcome.js';
import { createCommandBus } from './create-command-bus.js';
import { Scheduler } from './scheduler.js';
import { unitOfWorkBehavior } from './unit-of-work-behavior.js';

class Count extends command('spec.Count', z.object({ by: z.number() })).returns(
  z.object({ total: z.number() }),
) {}
class Later extends command('spec.Later', z.object({ inMs: z.number() })) {}

function fixture() {
  const clock = new FakeClock();
  const { writeStore, reader, subscriptions: store } = memoryDatabase({ clock, partitions: 4 });
  const registry = new MessageRegistry();
  for (const type of [Count, Later]) registry.add(type);
  const unitOfWork = new UnitOfWork({ store: writeStore, registry, source: 'spec', clock });
  const ran: number[] = [];
  const count = commandHandler(Count, { authorize: internal }, ({ by }) => {
    if (by === 0) throw new RefusedError('zero', 'Counting by zero changes nothing.');
    if (by < 0) throw new Error('broken');
    ran.push(by);
    return { total: ran.reduce((sum, one) => sum + one, 0) };
  });
  const later = commandHandler(Later, { authorize: internal }, ({ inMs }, { session }) => {
    session.schedule(new Count({ by: 7 }), { in: inMs });
  });
  const bus = createCommandBus({
    handlers: [count, later],
    envelopes: new EnvelopeFactory({ source: 'spec', clock }),
    behaviors: commandBehaviors({ clock }),
    unitOfWork: unitOfWorkBehavior(unitOfWork),
    send: async (envelope, key) => {
      await writeStore.commit({ entries: [{ kind: 'send', key, command: envelope }] });
    },
  });
  const consumer = new CommandConsumer({ bus, registry, clock });
  const parking = { immediate: 0, delaysInMs: [] };
  const runner = new SubscriptionRunner({
    subscription: commandSubscription,
    consumer,
    store,
    reader,
    owner: 'one',
    partitions: 4,
    clock,
    parking,
  });
  const owned = () => runner.status().map(({ partition }) => partition);
  const scheduler = new Scheduler({ writeStore, reader, owned, clock });
  const settle = async () => {
    while ((await runner.turn()) || (await scheduler.turn()));
  };
  return { clock, writeStore, reader, store, bus, ran, consumer, runner, settle };
}

const sent = (messageId: string, wireName = 'spec.Count') => ({ tenant: 'default', wireName, messageId });

describe('journalled commands', () => {
  test('a sent command runs, and its outcome can be asked for', async () => {
    const { bus, settle, ran, writeStore } = fixture();
    const { messageId } = await bus.send(new Count({ by: 2 }));
    expect(await findOutcome(writeStore, sent(messageId))).toBeUndefined();
    await settle();
    expect(ran).toEqual([2]);
    expect(await findOutcome(writeStore, sent(messageId))).toMatchObject({
      outcome: { kind: 'done', result: '{"total":2}' },
    });
  });

  test('promise 4: delivered again, it changes nothing', async () => {
    const { bus, settle, ran, consumer, reader } = fixture();
    await bus.send(new Count({ by: 2 }));
    await settle();
    const { entries } = await reader.readAll(undefined, { maxEvents: 9, maxBytes: 9_999 });
    const context = { subscription: 'commands', partition: 0, epoch: 9, checkpoint: undefined };
    const items = entries.flatMap((entry) => consumer.itemsOf(entry));
    expect(await consumer.handle(items, { ...context, abortSignal: new AbortController().signal })).toEqual(
      [],
    );
    expect(ran).toEqual([2]);
  });

  test('promise 4: the same id sent twice runs once', async () => {
    const { bus, settle, ran } = fixture();
    for (let time = 0; time < 2; time++) await bus.send(new Count({ by: 2 }), { id: 'once' });
    await settle();
    expect(ran).toEqual([2]);
  });

  test('a refusal is recorded and settled, never parked', async () => {
    const { bus, settle, store, writeStore, ran } = fixture();
    const { messageId } = await bus.send(new Count({ by: 0 }), { key: 'k' });
    await bus.send(new Count({ by: 3 }), { key: 'k' });
    await settle();
    expect(ran).toEqual([3]);
    expect(await store.listParked({})).toEqual([]);
    expect(await findOutcome(writeStore, sent(messageId))).toMatchObject({
      outcome: { kind: 'refused', code: 'zero' },
    });
  });

  test('promise 6: one that fails parks its key, and the others run', async () => {
    const { bus, settle, store, ran } = fixture();
    for (const [by, key] of [
      [-1, 'k'],
      [1, 'k'],
      [2, 'l'],
    ] as const)
      await bus.send(new Count({ by }), { key });
    await settle();
    expect(ran).toEqual([2]);
    expect((await store.listParked({})).map(({ key, state }) => `${key} ${state}`)).toEqual([
      'default/k held',
      'default/k waiting',
    ]);
  });

  test('one older than commands are remembered parks, for it may have run', async () => {
    const { bus, settle, store, ran, clock } = fixture();
    await bus.send(new Count({ by: 1 }));
    await clock.advance(8 * 24 * 60 * 60 * 1000);
    await settle();
    expect(ran).toEqual([]);
    expect(await store.listParked({})).toMatchObject([{ failure: { code: 'command-too-old' } }]);
  });

  test('promise 4: its handler may say for how long it is remembered, and so when it is too old', async () => {
    const clock = new FakeClock();
    const bus = { handle: () => expect.fail('may have run before') };
    const registry = new MessageRegistry();
    registry.add(Count);
    const handlers = [{ message: Count, rememberForMs: 1_000 }];
    const consumer = new CommandConsumer({ bus, registry, clock, handlers });
    const envelopes = new EnvelopeFactory({ source: 'spec', clock });
    const sent = envelopes.sentCommand(new Count({ by: 1 }), {});
    const entry = { ...sent, kind: 'command', key: 'k', partition: 0, position: positionAt(1, 0) } as const;
    await clock.advance(1_001);
    const context = { abortSignal: new AbortController().signal } as ConsumeContext;
    const failed = await consumer.handle([{ key: 'k', entry }], context);
    expect(failed).toMatchObject([{ error: { code: 'command-too-old' } }]);
  });

  test('neverBeforeDue: a scheduled command runs when it is due, however long that is', async () => {
    const { bus, settle, ran, clock, store } = fixture();
    await settle();
    const month = 30 * 24 * 60 * 60 * 1000;
    await bus.dispatch(new Later({ inMs: month }));
    await settle();
    await clock.advance(month - 1);
    await settle();
    expect(ran).toEqual([]);
    await clock.advance(1);
    await settle();
    expect(ran).toEqual([7]);
    expect(await store.listParked({})).toEqual([]);
  });

  test('an outcome can be waited for, for a time', async () => {
    const { bus, settle, writeStore, clock } = fixture();
    const { messageId } = await bus.send(new Count({ by: 2 }));
    const waiting = waitForOutcome(writeStore, sent(messageId), { clock, timeoutInMs: 1_000 });
    const tooShort = waitForOutcome(writeStore, sent(messageId), { clock, timeoutInMs: 50 });
    await clock.advance(60);
    expect(await tooShort).toBeUndefined();
    await settle();
    await clock.advance(200);
    expect(await waiting).toMatchObject({ outcome: { kind: 'done' } });
  });
});

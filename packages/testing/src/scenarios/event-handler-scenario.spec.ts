import { anyone, bind, command, commandHandler, event, eventHandler, token } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventHandlerScenario } from './event-handler-scenario.js';
import { inStream } from './recorded.js';
import { dueIn } from './written.js';

const order = z.object({ order: z.string() });
class Placed extends event('post.Placed', order) {}
class Packed extends event('post.Packed', order) {}
class Pack extends command('post.Pack', order) {}
class Remind extends command('post.Remind', order) {}

const greeting = token<string>('greeting');
const packing = eventHandler(Placed, { name: 'packing' }, async ({ order }, { session, subject }) => {
  if (order === 'broken') throw new RangeError('No such order.');
  if (order === 'empty') return;
  const { events } = await session.load(`order-${order}`);
  session.send(new Pack({ order: `${order} of ${events.length} for ${subject.id}` }));
  session.schedule(new Remind({ order }), { in: 60_000 });
});
const packed = eventHandler(
  Packed,
  { name: 'packed', inject: [greeting] },
  ({ order }, { session }, text) => {
    session.append(`log-${order}`, 'any', [new Packed({ order: text })]);
  },
);
const pack = commandHandler(Pack, { authorize: anyone }, ({ order }, { session }) => {
  session.append(`order-${order}`, 'any', [new Packed({ order })]);
});

describe('an event handler scenario', () => {
  const scenario = eventHandlerScenario({
    handlers: [packing, packed, pack],
    messages: [Remind],
    provide: [bind(greeting, 'well done')],
  });
  const placed = inStream('order-1', new Placed({ order: '1' }));

  test('compares what was sent and scheduled, and runs none of it', async () => {
    const decision = scenario.when(placed);
    await decision.thenSent(new Pack({ order: '1 of 1 for system' }));
    await decision.thenScheduled(dueIn(60_000, new Remind({ order: '1' })));
    await decision.thenEvents();
    await expect(decision.thenSent()).rejects.toThrow();
    await expect(decision.thenNothing()).rejects.toThrow();
  });

  test('does not handle what was given, though the handler may read it', async () => {
    await scenario
      .given(placed)
      .when(placed)
      .thenSent(new Pack({ order: '1 of 2 for system' }));
  });

  test('the event may be of somebody', async () => {
    const decision = scenario.as({ id: 'ada', roles: [] }).when(placed);
    await decision.thenSent(new Pack({ order: '1 of 1 for ada' }));
  });

  test('compares what was appended, which is not handled in turn', async () => {
    await scenario
      .when(new Packed({ order: '1' }))
      .thenEvents(inStream('log-1', new Packed({ order: 'well done' })));
  });

  test('compares nothing, and failures', async () => {
    await scenario.when(new Placed({ order: 'empty' })).thenNothing();
    await scenario.when(new Placed({ order: 'broken' })).thenFails(RangeError);
    await expect(scenario.when(new Placed({ order: 'broken' })).thenNothing()).rejects.toThrow(
      'No such order.',
    );
  });

  test('fails where no handler handles the event, for then nothing is tested', async () => {
    const nobody = eventHandlerScenario({ handlers: [pack] }).when(new Placed({ order: '1' }));
    await expect(nobody.thenNothing()).rejects.toThrow("None of the handlers handles 'post.Placed'.");
  });
});

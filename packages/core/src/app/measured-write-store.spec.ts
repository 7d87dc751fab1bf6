import { testApp } from '@diptych/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandHandler } from '../commands/command-handler.js';
import { RefusedError } from '../errors/domain-errors.js';
import { eventHandler } from '../events/event-handler.js';
import { anyone } from '../handlers/policy.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import type { Telemetry, TelemetryAttributes } from '../telemetry/telemetry.js';

const id = z.object({ id: z.string() });
class Sow extends command('spec.Sow', id) {}
class Water extends command('spec.Water', id) {}
class Sown extends event('spec.Sown', id) {}
class Watered extends event('spec.Watered', id) {}

const handlers = [
  commandHandler(Sow, { authorize: anyone }, ({ id }, { session }) => {
    session.append(`bed-${id}`, 'none', [new Sown({ id }), new Watered({ id })]);
    if (id === 'stone') throw new RefusedError('stone', 'Nothing comes of it.');
    if (id === 'rice') session.schedule(new Water({ id }), { in: 1_000 });
  }),
  commandHandler(Water, { authorize: anyone }, ({ id }, { session }) => {
    session.append(`bed-${id}`, 'exists', [new Watered({ id })]);
  }),
  eventHandler(Sown, { name: 'watering' }, ({ id }, { session }) => {
    session.send(new Water({ id }));
  }),
];

let counted: Map<string, number>;
const telemetry: Telemetry = {
  span: (_options, work) => work({ context: {}, setAttribute: () => {} }),
  histogram: () => () => {},
  counter: (instrument) => (by, attributes: TelemetryAttributes) => {
    const { 'diptych.message.kind': kind, 'diptych.message.name': name = 'nameless' } = attributes;
    const key = `${instrument} ${kind} ${name}`;
    counted.set(key, (counted.get(key) ?? 0) + by);
  },
  gauge: () => () => {},
};
beforeEach(() => {
  counted = new Map();
});

describe('the count of journal entries', () => {
  it('is what the journal holds: events, sent commands, and scheduled ones when they are due', async () => {
    const app = await testApp({ handlers, messages: [Watered], telemetry });
    await app.commands.execute(new Sow({ id: 'pea' }));
    await app.commands.execute(new Sow({ id: 'rice' }));
    await app.settled();
    await app.advance(1_000);
    await app.settled();
    expect(Object.fromEntries(counted)).toEqual({
      'diptych.journal.entries event spec.Sown': 2,
      'diptych.journal.entries event spec.Watered': 5,
      'diptych.journal.entries command spec.Water': 2,
      'diptych.journal.entries command nameless': 1,
    });
    const { entries } = await app.operations.journal();
    expect([...counted.values()].reduce((sum, count) => sum + count, 0)).toBe(entries);
    await app.stop();
  });

  it('leaves out what was rolled back or never committed', async () => {
    const app = await testApp({ handlers, messages: [Watered], telemetry, commands: { retry: {} } });
    await expect(app.commands.execute(new Sow({ id: 'stone' }))).rejects.toMatchObject({ code: 'stone' });
    await app.commands.execute(new Sow({ id: 'pea' }));
    await app.settled();
    counted.clear();
    await expect(app.commands.execute(new Sow({ id: 'pea' }))).rejects.toMatchObject({ retryable: true });
    expect(counted.size).toBe(0);
    await app.stop();
  });
});

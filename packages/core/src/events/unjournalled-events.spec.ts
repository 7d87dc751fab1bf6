import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { event } from '../messages/event.js';
import { UnjournalledEvents } from './unjournalled-events.js';

class Ordered extends event('spec.Ordered', z.object({ id: z.string() })) {}
class Shipped extends event('spec.Shipped', z.object({ id: z.string() })) {}

describe('UnjournalledEvents', () => {
  test('an event reaches the handlers of its kind, in the order they came, until they stop listening', async () => {
    const events = new UnjournalledEvents();
    const seen: string[] = [];
    const stop = events.on(Ordered, ({ id }) => seen.push(`first ${id}`));
    events.on(Ordered, ({ id }) => seen.push(`second ${id}`));
    events.on(Shipped, ({ id }) => seen.push(`shipped ${id}`));
    await events.publish(new Ordered({ id: '1' }));
    stop();
    await events.publish(new Ordered({ id: '2' }));
    expect(seen).toEqual(['first 1', 'second 1', 'second 2']);
  });

  test('publish resolves when all handlers are done', async () => {
    const events = new UnjournalledEvents();
    let done = 0;
    for (let index = 0; index < 2; index++) {
      events.on(Ordered, async () => {
        await Promise.resolve();
        done += 1;
      });
    }
    await events.publish(new Ordered({ id: '1' }));
    expect(done).toBe(2);
  });

  test('a handler that throws keeps no other from being called', async () => {
    const events = new UnjournalledEvents();
    const seen: string[] = [];
    events.on(Ordered, () => {
      throw new Error('broken');
    });
    events.on(Ordered, ({ id }) => seen.push(id));
    await expect(events.publish(new Ordered({ id: '1' }))).rejects.toThrow('broken');
    events.on(Ordered, () => Promise.reject(new Error('broken too')));
    await expect(events.publish(new Ordered({ id: '2' }))).rejects.toBeInstanceOf(AggregateError);
    expect(seen).toEqual(['1', '2']);
  });

  test('an event that nobody listens to is nothing', async () => {
    await expect(new UnjournalledEvents().publish(new Ordered({ id: '1' }))).resolves.toBeUndefined();
  });
});

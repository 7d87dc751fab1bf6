import { describe, expect, test } from 'vitest';
import { WriterQueue } from './writer-queue.js';

describe('WriterQueue', () => {
  test('lets one in at a time, in the order they came, and nobody overtakes', async () => {
    const queue = new WriterQueue();
    const order: string[] = [];
    const first = await queue.take();
    const waiting = ['a', 'b', 'c'].map(async (name) => {
      const release = await queue.take();
      order.push(`${name} in`);
      await Promise.resolve();
      order.push(`${name} out`);
      release();
    });
    expect(queue.tryTake()).toBeUndefined();
    first();
    expect(queue.tryTake()).toBeUndefined();
    await Promise.all(waiting);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(queue.tryTake()).toBeDefined();
  });

  test('a second release lets nobody else in', async () => {
    const queue = new WriterQueue();
    const release = await queue.take();
    release();
    const next = await queue.take();
    release();
    expect(queue.tryTake()).toBeUndefined();
    next();
  });
});

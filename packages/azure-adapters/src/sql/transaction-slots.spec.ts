import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { TransactionSlots } from './transaction-slots.js';

describe('slots for transactions', () => {
  test('are given in turn as they become free, each back once', async () => {
    const slots = new TransactionSlots(new FakeClock(), 1);
    const order: number[] = [];
    const giveBack = await slots.take(1_000);
    const later = [1, 2].map(async (number) => {
      const free = await slots.take(1_000);
      order.push(number);
      free();
    });
    giveBack();
    giveBack();
    await Promise.all(later);
    expect(order).toEqual([1, 2]);
    await slots.take(0);
    await expect(Promise.race([slots.take(1_000), Promise.resolve('none')])).resolves.toBe('none');
  });

  test('are waited for no longer than said, and whoever gave up takes none', async () => {
    const clock = new FakeClock();
    const slots = new TransactionSlots(clock, 1);
    const giveBack = await slots.take(1_000);
    const refused = expect(slots.take(500)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await clock.advance(500);
    await refused;
    giveBack();
    await slots.take(0);
  });
});

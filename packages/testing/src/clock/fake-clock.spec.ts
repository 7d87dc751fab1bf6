import { sleep } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { FakeClock } from './fake-clock.js';

describe('FakeClock', () => {
  test('stands still by itself', async () => {
    const clock = new FakeClock({ startAt: 1_000 });
    await clock.advance(0);
    expect(clock.now()).toBe(1_000);
    await clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  test('fires due timers in order, each at its own time', async () => {
    const clock = new FakeClock({ startAt: 0 });
    const fired: string[] = [];
    for (const [name, delay] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
      ['never', 41],
    ] as const) {
      clock.after(delay, () => fired.push(`${name}@${clock.now()}`));
    }
    await clock.advance(40);
    expect(fired).toEqual(['a@10', 'b@10', 'c@30']);
    expect(clock.now()).toBe(40);
  });

  test('lets promise chains run between timers, and fires the timers they set', async () => {
    const clock = new FakeClock({ startAt: 0 });
    const seen: number[] = [];
    const loop = async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(clock, 10);
        await Promise.resolve().then(() => seen.push(clock.now()));
      }
    };
    const done = loop();
    await clock.advance(30);
    await done;
    expect(seen).toEqual([10, 20, 30]);
  });

  test('a cancelled timer does not fire', async () => {
    const clock = new FakeClock();
    let fired = false;
    const cancel = clock.after(5, () => {
      fired = true;
    });
    expect(clock.nextDueInMs).toBe(5);
    cancel();
    await clock.advance(10);
    expect(fired).toBe(false);
    expect(clock.nextDueInMs).toBeUndefined();
  });
});

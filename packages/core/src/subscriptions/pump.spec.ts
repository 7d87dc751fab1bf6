import { FakeClock } from '@diptych/testing';
import { expect, test } from 'vitest';
import { type Pump, PumpLoop } from './pump.js';

class CountingPump implements Pump {
  readonly name = 'spec';
  work = 0;
  turns = 0;
  during = () => {};

  async turn(): Promise<boolean> {
    this.turns += 1;
    this.during();
    if (this.work === 0) return false;
    this.work -= 1;
    return true;
  }

  waitInMs(): number {
    return 1_000;
  }
}

function fixture() {
  const clock = new FakeClock();
  const pump = new CountingPump();
  return { clock, pump, loop: new PumpLoop(pump, clock) };
}

test('turns at once while there is work, then waits', async () => {
  const { clock, pump, loop } = fixture();
  pump.work = 40;
  loop.start();
  for (let round = 0; round < 5; round++) await clock.advance(0);
  expect(pump).toMatchObject({ work: 0, turns: 41 });
  await clock.advance(999);
  expect(pump.turns).toBe(41);
  await clock.advance(1);
  expect(pump.turns).toBe(42);
  await loop.stop();
});

test('is woken while it waits, and a call during a turn is not lost', async () => {
  const { clock, pump, loop } = fixture();
  loop.start();
  await clock.advance(0);
  loop.wake();
  await clock.advance(0);
  expect(pump.turns).toBe(2);
  pump.during = () => {
    if (pump.turns === 3) loop.wake();
  };
  loop.wake();
  await clock.advance(0);
  expect(pump.turns).toBe(4);
  await loop.stop();
});

test('promise 8: stop waits for the turn in hand, and none follows', async () => {
  const { clock, pump, loop } = fixture();
  let finish = () => {};
  const turn = pump.turn.bind(pump);
  pump.turn = async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return turn();
  };
  pump.work = 5;
  loop.start();
  await clock.advance(0);
  let isStopped = false;
  const stopped = loop.stop().then(() => {
    isStopped = true;
  });
  await clock.advance(0);
  expect(isStopped).toBe(false);
  finish();
  await stopped;
  expect(pump.turns).toBe(1);
  expect(clock.nextDueInMs).toBeUndefined();
});

test('lets timers and input of the process in, however much work there is', async () => {
  const { clock, pump, loop } = fixture();
  pump.work = Number.POSITIVE_INFINITY;
  loop.start();
  await clock.advance(0);
  expect(pump.turns).toBeGreaterThan(0);
  await loop.stop();
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Deadlines } from './deadlines.js';
import { ManualClock } from './manual-clock.js';

describe('deadlines', () => {
  test('happen in order of their times, each once, and never when cancelled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ in: fc.integer({ min: 1, max: 50 }), cancelled: fc.boolean() })),
        fc.array(fc.integer({ min: 0, max: 20 })),
        (wanted, moves) => {
          const clock = new ManualClock(0);
          const deadlines = new Deadlines(clock);
          const happened: { at: number; now: number }[] = [];
          for (const { in: at, cancelled } of wanted) {
            const deadline = deadlines.set(at, () => happened.push({ at, now: clock.now() }));
            if (cancelled) deadlines.cancel(deadline);
          }
          for (const move of moves) clock.advance(move);
          const end = clock.now();
          const expected = wanted.filter((one) => !one.cancelled && one.in <= end).map((one) => one.in);
          expect(happened.map(({ at }) => at)).toEqual(expected.sort((a, b) => a - b));
          expect(happened.every(({ at, now }) => at === now)).toBe(true);
        },
      ),
    );
  });

  test('set while another happens are not missed', () => {
    const clock = new ManualClock(0);
    const deadlines = new Deadlines(clock);
    const happened: number[] = [];
    const again = () => {
      happened.push(clock.now());
      if (happened.length < 3) deadlines.set(clock.now() + 10, again);
    };
    deadlines.set(10, again);
    clock.advance(100);
    expect(happened).toEqual([10, 20, 30]);
  });
});

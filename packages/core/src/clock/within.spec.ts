import { FakeClock } from '@diptych/testing';
import { expect, it } from 'vitest';
import { within } from './within.js';

it('gives what work gives in time, or says that the time is over', async () => {
  const clock = new FakeClock();
  expect(await within(clock, 100, Promise.resolve('done'))).toBe('done');
  const never = within(clock, 100, new Promise(() => {}));
  await clock.advance(100);
  expect(await never).toBe('time-over');
  await expect(within(clock, 100, Promise.reject(new Error('no')))).rejects.toThrow('no');
});

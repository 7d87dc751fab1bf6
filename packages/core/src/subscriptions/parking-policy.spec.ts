import { expect, test } from 'vitest';
import { DiptychError } from '../errors/diptych-error.js';
import { type ParkingPolicy, parkedFailure, ruleFor } from './parking-policy.js';

const policy: ParkingPolicy = {
  immediate: 2,
  delaysInMs: [10, 20],
  byCode: { hopeless: { immediate: 0, delaysInMs: [] } },
};
const hopeless = new DiptychError({ code: 'hopeless', message: 'No.' });

test('each round of tries has the next delay, and after the last an operator must act', () => {
  const delays = [3, 6, 9, 12].map((attempts) => parkedFailure(policy, new Error('x'), attempts).delayInMs);
  expect(delays).toEqual([10, 20, undefined, undefined]);
});

test('an error with a rule of its own follows that', () => {
  expect(ruleFor(policy, hopeless).immediate).toBe(0);
  expect(parkedFailure(policy, hopeless, 1)).toEqual({
    code: 'hopeless',
    message: 'No.',
    attempts: 1,
    delayInMs: undefined,
  });
});

test('jitter lengthens a delay, up to twice, and never shortens it', () => {
  const jittery = { immediate: 0, delaysInMs: [1_000], jitter: 1 };
  const delays = Array.from({ length: 200 }, () => parkedFailure(jittery, new Error('x'), 1).delayInMs ?? 0);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...delays)).toBeLessThanOrEqual(2_000);
  expect(new Set(delays).size).toBeGreaterThan(1);
});

test('what is thrown and is no error has a code too', () => {
  expect(parkedFailure(policy, 'text', 3)).toMatchObject({ code: 'string', message: 'text' });
  expect(parkedFailure(policy, new TypeError('t'), 3)).toMatchObject({ code: 'TypeError' });
});

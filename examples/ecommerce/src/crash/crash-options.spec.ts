import { expect, test } from 'vitest';
import { UsageError } from '../shop-options.js';
import { crashOptions } from './crash-options.js';

test('the crash harness takes kills, a seed and a defect', () => {
  const options = crashOptions(['--kills', '200', '--seed', '7', '--break', 'no fencing']);
  expect(options).toEqual({ kills: 200, seed: 7, defect: 'no fencing', profile: 'local', help: false });
});

test('it takes the profile in which a Service Bus stands between the shops', () => {
  expect(crashOptions(['--profile', 'emulated']).profile).toBe('emulated');
});

test('without a seed each run has another one, which the report names', () => {
  expect(crashOptions([]).seed).toBeGreaterThanOrEqual(0);
});

test.each([
  [['--kills', 'many']],
  [['--seed', '-1']],
  [['--break', 'the bank']],
  [['--klls', '1']],
  [['10']],
  [['--profile', 'real']],
])('it refuses %j', (args) => {
  expect(() => crashOptions(args)).toThrow(UsageError);
});

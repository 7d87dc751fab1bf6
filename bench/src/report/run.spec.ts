import { expect, it } from 'vitest';
import { atLeast, compare } from '../harness/comparison.js';
import { hasFailed, type LineOutcome } from './run.js';
import { tableOf } from './table.js';

const environment = { time: '', node: '', cpu: '', cores: 2, load: 0, versions: {} };
const runOf = (outcome: Partial<LineOutcome>) => ({
  environment,
  seconds: 1,
  lines: [{ id: 'group/line', title: 'A line', seconds: 1, ...outcome }],
});
const ratio = (value: number) => ({ min: value, median: value, max: value });
const compared = (value: number) =>
  runOf({ report: { readings: [], comparisons: [compare('ours / theirs', ratio(value), atLeast(0.9))] } });
const checked = (passed: boolean) =>
  runOf({ report: { readings: [], comparisons: [], checks: [{ what: 'holds', passed, seen: '' }] } });

it.each([
  ['a missed bound', compared(0.8), true],
  ['a met bound', compared(1), false],
  ['a check that does not hold', checked(false), true],
  ['a check that holds', checked(true), false],
  ['a line that could not be measured', runOf({ failure: 'why' }), true],
])('%s decides the exit code', (_case, run, failed) => {
  expect(hasFailed(run)).toBe(failed);
});

it('says in the table what was missed and why a line was not measured', () => {
  expect(tableOf(compared(0.8))).toContain('Missed: ours / theirs.');
  expect(tableOf(runOf({ failure: 'why' }))).toContain('could not be measured: why');
});

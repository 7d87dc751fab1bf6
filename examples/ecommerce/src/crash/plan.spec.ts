import { expect, test } from 'vitest';
import { commandSteps, Plan } from './plan.js';
import { Random } from './random.js';

test('the same seed gives the same blows, another one others', () => {
  const blows = (seed: number) => {
    const plan = new Plan(new Random(seed));
    return Array.from({ length: 100 }, () => plan.next());
  };
  expect(blows(7)).toEqual(blows(7));
  expect(blows(7)).not.toEqual(blows(8));
});

test('in a hundred blows every kind comes', () => {
  const plan = new Plan(new Random(1));
  const kinds = Array.from({ length: 100 }, () => plan.next()).map((blow) =>
    blow.kind === 'at a step' ? blow.step : blow.kind,
  );
  expect(new Set(kinds).size).toBe(16);
});

test('whoever asks for a blow in a command gets one', () => {
  const plan = new Plan(new Random(1));
  const steps = Array.from({ length: 30 }, () => plan.next({ inCommand: true })).map((blow) =>
    blow.kind === 'at a step' ? blow.step : blow.kind,
  );
  expect(new Set(steps)).toEqual(new Set(commandSteps));
});

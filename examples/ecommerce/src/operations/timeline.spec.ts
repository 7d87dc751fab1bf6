import { expect, it } from 'vitest';
import { Timeline } from './timeline.js';

let now = 0;
const timelineOf = (length: number) => {
  now = 10_000;
  return new Timeline(() => now, length);
};

it('tells a second once it is over, and those between in which nothing happened', () => {
  const timeline = timelineOf(120);
  timeline.current().commands += 2;
  expect(timeline.past()).toEqual([]);
  now = 12_500;
  timeline.current().events += 1;
  now = 13_000;
  expect(timeline.past()).toMatchObject([
    { at: 10, commands: 2, events: 0 },
    { at: 11, commands: 0, events: 0 },
    { at: 12, commands: 0, events: 1 },
  ]);
});

it('keeps the last seconds, however long nothing happened', () => {
  const timeline = timelineOf(3);
  now = 1_000_000;
  expect(timeline.past().map(({ at }) => at)).toEqual([997, 998, 999]);
});

it('says within which time half of the messages were handled, and 95 of 100', () => {
  const timeline = timelineOf(120);
  for (let time = 100; time > 0; time -= 1) timeline.current().commandTimes.push(time);
  now = 11_000;
  expect(timeline.past()).toMatchObject([
    { commandLatency: { p50: 50, p95: 95 }, queryLatency: { p50: null, p95: null } },
  ]);
});

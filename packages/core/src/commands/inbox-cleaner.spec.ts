import { FakeClock } from '@diptych/testing';
import { expect, test } from 'vitest';
import { InboxCleaner } from './inbox-cleaner.js';

const anHour = 60 * 60 * 1_000;

test('marks that need not be kept are taken away each hour, until there are none left', async () => {
  const clock = new FakeClock();
  let marks = 2_500;
  const forgetSettled = async (limit: number) => {
    const forgotten = Math.min(limit, marks);
    marks -= forgotten;
    return forgotten;
  };
  const cleaner = new InboxCleaner({ writeStore: { forgetSettled }, clock, isElected: () => true });
  while (await cleaner.turn());
  expect(marks).toBe(0);
  marks = 1;
  expect(await cleaner.turn()).toBe(false);
  expect(cleaner.waitInMs()).toBe(anHour);
  await clock.advance(anHour);
  expect(await cleaner.turn()).toBe(true);
  expect(marks).toBe(0);
});

test('a store out of reach is told, and asked again later', async () => {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const outage = new Error('out of reach');
  const writeStore = { forgetSettled: () => Promise.reject(outage) };
  const cleaner = new InboxCleaner({
    writeStore,
    clock,
    isElected: () => true,
    observe: (error) => told.push(error),
  });
  for (let turns = 0; turns < 3; turns++) expect(await cleaner.turn()).toBe(false);
  expect(told).toEqual([outage]);
});

test('of several processes only the one that is elected cleans, and another one soon after it is', async () => {
  const clock = new FakeClock();
  let [cleaned, isElected] = [0, false];
  const forgetSettled = async () => {
    cleaned++;
    return 0;
  };
  const cleaner = new InboxCleaner({ writeStore: { forgetSettled }, clock, isElected: () => isElected });
  await cleaner.turn();
  expect(cleaned).toBe(0);
  isElected = true;
  await clock.advance(60_000);
  await cleaner.turn();
  expect(cleaned).toBe(1);
});

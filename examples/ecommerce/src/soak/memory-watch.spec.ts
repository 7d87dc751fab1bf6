import { expect, test } from 'vitest';
import { MemoryWatch } from './memory-watch.js';

function grownBy(seen: readonly number[]): number {
  const left = [...seen];
  const watch = new MemoryWatch(() => left.shift()!);
  for (const _ of seen) watch.look();
  return watch.grownBy;
}

test('what only warms up, or goes up and down, has not grown', () => {
  expect(grownBy([10, 50, 100, 102, 98, 101, 99, 100, 97, 103, 100, 100])).toBeLessThanOrEqual(1);
});

test('what rises and rises has', () => {
  expect(grownBy(Array.from({ length: 40 }, (_, minute) => 100 + minute))).toBe(20);
});

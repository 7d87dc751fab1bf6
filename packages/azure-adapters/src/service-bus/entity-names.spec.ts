import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entityName } from './entity-names.js';

test('what the service takes as it is keeps its name', () => {
  expect(entityName('shop', 50)).toBe('shop');
  expect(entityName('order-details/v1', 50)).toMatch(/^order-details-v1-[0-9a-f]{8}$/);
});

test('every name becomes one that the service takes, and stays another than every other one', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 80 }), { minLength: 2, maxLength: 50 });
  fc.assert(
    fc.property(names, (some) => {
      const made = some.map((name) => entityName(name, 50));
      for (const name of made) expect(name).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,48}[A-Za-z0-9])?$/);
      expect(new Set(made).size).toBe(some.length);
    }),
  );
});

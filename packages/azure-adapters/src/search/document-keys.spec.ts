import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasKey, keyNumberOf, keyOf } from './document-keys.js';

const id = fc.record({
  tenant: fc.string({ unit: 'grapheme', maxLength: 40 }),
  name: fc.string({ unit: 'grapheme', maxLength: 512 }),
});

test('a key has only what the service takes, whatever the id', () => {
  fc.assert(fc.property(id, (one) => /^[A-Za-z0-9=-][A-Za-z0-9_=-]{0,1023}$/.test(keyOf(one))));
});

test('two ids never have one key', () => {
  const isOne = (one: { tenant: string; name: string }, other: typeof one) =>
    one.tenant === other.tenant && one.name === other.name;
  fc.assert(fc.property(id, id, (one, other) => isOne(one, other) === (keyOf(one) === keyOf(other))));
  const long = 'ä'.repeat(512);
  expect(keyOf({ tenant: 'a', name: long })).not.toBe(keyOf({ tenant: 'b', name: long }));
  expect(keyOf({ tenant: 'a', name: 'bc' })).not.toBe(keyOf({ tenant: 'ab', name: 'c' }));
});

test('an id that no key can be made of is known', () => {
  expect(hasKey({ tenant: 'a', name: '😀' })).toBe(true);
  expect(hasKey({ tenant: 'a', name: '😀'.slice(0, 1) })).toBe(false);
  expect(hasKey({ tenant: '\udc00', name: 'a' })).toBe(false);
});

test('the number of a key is whole, exact in JSON, the same always, and another one for nearly every key', () => {
  const numbers = new Set(Array.from({ length: 20_000 }, (_, index) => keyNumberOf(`key${index}`)));
  expect(numbers.size).toBe(20_000);
  for (const number of numbers) expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
  // Entries that are in an index have it.
  expect(keyNumberOf('a')).toBe(0xca978112ca1bb);
});

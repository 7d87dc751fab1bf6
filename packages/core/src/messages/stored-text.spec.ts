import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restored, stored } from './stored-text.js';

const pieces = fc.constantFrom('a', ' ', '\0', '\uf8ff', '0020', '\ud83e', '\uddfe', '🧾', 'ä', '\t');
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces).map((all) => all.join('')),
);

test('every text comes back as it was', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(restored(stored(text))).toBe(text);
    }),
  );
});

test('what is stored has nothing that a store would lose: no NUL, no half of a pair, no blank at its end', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(stored(text)).not.toMatch(/\0|\p{Surrogate}| $/u);
    }),
  );
});

test('an ordinary name is stored as it is', () => {
  for (const name of ['order-42', 'ä b', '注文 🧾', ' a']) expect(stored(name)).toBe(name);
});

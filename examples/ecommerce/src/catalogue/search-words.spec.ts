import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningsOf, wordsOf } from './search-words.js';

describe('search words', () => {
  it('are compared without case, accents and signs', () => {
    expect(wordsOf('  Crème BRÛLÉE, “T-Light” 3×')).toEqual(['creme', 'brulee', 't', 'light', '3']);
  });

  it('a product is found under each beginning of each of its words, and under nothing', () => {
    expect(beginningsOf('Red bag', '20')).toEqual(['', 'r', 're', 'red', 'b', 'ba', 'bag', '2', '20']);
  });

  it('whatever somebody types, what is so called is found by it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(text, (name) => {
        const beginnings = beginningsOf(name);
        expect(wordsOf(name).filter((word) => !beginnings.includes(word))).toEqual([]);
      }),
    );
  });
});

/** Longer words are found by their beginning. */
const maxWordLength = 20;
const maxWords = 12;

/** The words of a text as they are compared: without case, accents and signs. Each once. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => [...word].slice(0, maxWordLength).join('')))].slice(0, maxWords);
}

/**
 * All beginnings of all words of the texts, and the empty one, which everything begins with: what a product is
 * found under while somebody types.
 */
export function beginningsOf(...texts: readonly string[]): readonly string[] {
  const beginnings = new Set(['']);
  for (const word of texts.flatMap(wordsOf)) {
    let beginning = '';
    for (const character of word) {
      beginning += character;
      beginnings.add(beginning);
    }
  }
  return [...beginnings];
}

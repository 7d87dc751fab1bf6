/** Words that English analyzers pass over. */
export const englishStopWords: ReadonlySet<string> = new Set(
  [
    'a an and are as at be but by for if in into is it no not of on or such that the their then there these they',
    'this to was will with',
  ].flatMap((line) => line.split(' ')),
);

const endings: readonly (readonly [ending: RegExp, instead: string])[] = [
  [/['’]s$/, ''],
  [/(ss|x|ch|sh|zz)es$/, '$1'],
  [/([^aeiou])ies$/, '$1y'],
  [/([^su])s$/, '$1'],
];

/**
 * A word without its English ending, so that `shoes` finds `shoe`: plurals, possessives and the usual forms of verbs.
 * The service knows far more of the language.
 */
export function englishStem(word: string): string {
  const single = endings.reduce(
    (left, [ending, instead]) => (left.length > 3 ? left.replace(ending, instead) : left),
    word,
  );
  const verb = /^(.*[aeiouy].*?)(?:ing|ed)$/.exec(single)?.[1];
  if (verb === undefined || verb.length < 3) return withoutE(single);
  // `running` is a form of `run`, `falling` one of `fall`.
  return withoutE(/([^aeiouylsz])\1$/.test(verb) ? verb.slice(0, -1) : verb);
}

/** `baking` and `bake` meet without the e. */
const withoutE = (word: string) => (word.length > 3 ? word.replace(/([^aeiou])e$/, '$1') : word);

import { englishStem, englishStopWords } from './english.js';

/** Takes words from a text, in its order. */
export type Analyzer = (text: string) => readonly string[];

export const standardAnalyzer = 'standard.lucene';

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** Words by Unicode's rules for where they end, which the service's standard analyzer goes by as well. */
function words(text: string): readonly string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.toLowerCase())) {
    if (isWordLike === true) found.push(segment);
  }
  return found;
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '');
const letters: Analyzer = (text) => text.toLowerCase().match(/\p{L}+/gu) ?? [];
const withoutStopWords = (found: readonly string[]) => found.filter((word) => !englishStopWords.has(word));
const english: Analyzer = (text) => withoutStopWords(words(text)).map(englishStem);

const named: Readonly<Record<string, Analyzer>> = {
  [standardAnalyzer]: words,
  standard: words,
  'standardasciifolding.lucene': (text) => words(text).map(folded),
  keyword: (text) => [text],
  simple: letters,
  stop: (text) => withoutStopWords(letters(text)),
  whitespace: (text) => text.match(/\S+/g) ?? [],
  pattern: (text) => text.toLowerCase().match(/\w+/g) ?? [],
  'en.lucene': english,
  'en.microsoft': english,
};

const languages = new Set(
  [
    'ar bg bn ca cs da de el es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja kn ko lt lv ml mr ms nb nl no',
    'pa pl pt-BR pt-PT ro ru sk sl sr-cyrillic sr-latin sv ta te th tr uk ur vi zh-Hans zh-Hant',
  ].flatMap((line) => line.split(' ')),
);

const isOfLanguage = (name: string) =>
  /\.(lucene|microsoft)$/.test(name) && languages.has(name.slice(0, name.lastIndexOf('.')));

export function isAnalyzer(name: string): boolean {
  return Object.hasOwn(named, name) || isOfLanguage(name);
}

/**
 * An analyzer by the service's name for it, or what comes near: languages other than English are taken word by word,
 * without their endings and stop words.
 */
export function analyzerNamed(name: string): Analyzer {
  return (Object.hasOwn(named, name) ? named[name] : undefined) ?? words;
}

import type { Field } from '../indexes/field.js';
import type { IndexSchema, Suggester } from '../indexes/index-schema.js';
import { isObject, type JsonObject } from '../json.js';
import { badRequest, invalidBody } from '../search-error.js';
import { analyzerNamed, standardAnalyzer } from '../text/analyzers.js';
import { textsAt } from '../text/text-index.js';
import type { Found } from './found.js';
import { orderOf } from './order.js';
import { findAll, type SearchedIndex } from './run-search.js';
import { readChoice, readCount, readFlag, readList, readText, requireProperties } from './search-question.js';
import { selectionOf } from './selection.js';

const understood = ['search', 'suggesterName', 'filter', 'orderby', 'searchFields', 'select', 'top'];
const passedOver = ['autocompleteMode', 'minimumCoverage', 'highlightPreTag', 'highlightPostTag', 'fuzzy'];
const modes = ['oneTerm', 'twoTerms', 'oneTermWithContext'] as const;

interface Asked {
  readonly words: readonly string[];
  readonly fields: readonly Field[];
  readonly found: readonly Found[];
  readonly top: number;
}

/** Texts in which all words are, the last of them as the beginning of one. */
export function suggest(index: SearchedIndex, body: unknown): JsonObject {
  const { words, fields, found, top } = readAsked(index, body);
  const request = body as JsonObject;
  const { schema } = index;
  const names = readList(request, 'select');
  const select = selectionOf(schema, names.length === 0 ? [schema.key.name] : names);
  const ordered = [...found].sort(orderOf(schema, readList(request, 'orderby')));
  const value = ordered.flatMap(({ document }) => {
    const texts = fields.flatMap((field) => textsAt(document, field.path).filter((text) => has(text, words)));
    return texts.slice(0, 1).map((text) => ({ '@search.text': text, ...select(document) }));
  });
  return { value: value.slice(0, top) };
}

/** How the last word may go on, and with `twoTerms` the next one. */
export function autocomplete(index: SearchedIndex, body: unknown): JsonObject {
  const { words, fields, found, top } = readAsked(index, body);
  const mode = readChoice(body as JsonObject, 'autocompleteMode', modes);
  const texts = new Set<string>();
  for (const field of fields) {
    for (const { document } of found) {
      for (const text of textsAt(document, field.path)) addEndings(texts, wordsOf(text), words, mode);
    }
  }
  const before = words.slice(0, -1);
  const whole = (text: string) => [...before, text].join(' ');
  const sorted = [...texts].sort().slice(0, top);
  return { value: sorted.map((text) => ({ text, queryPlusText: whole(text) })) };
}

function addEndings(
  texts: Set<string>,
  own: readonly string[],
  words: readonly string[],
  mode: (typeof modes)[number],
): void {
  const before = words.slice(0, -1);
  const last = words.at(-1)!;
  for (const [at, word] of own.entries()) {
    if (!word.startsWith(last)) continue;
    const next = own[at + 1];
    if (mode === 'oneTerm') texts.add(word);
    if (mode === 'twoTerms' && next !== undefined) texts.add(`${word} ${next}`);
    const isBehind = before.every((one, index) => own[at - before.length + index] === one);
    if (mode === 'oneTermWithContext' && isBehind) texts.add(word);
  }
}

function readAsked(index: SearchedIndex, body: unknown): Asked {
  if (!isObject(body)) throw invalidBody('parameters : The body is no object.');
  requireProperties(body, 'parameters', { understood: [...understood, ...passedOver], unsupported: [] });
  if (readFlag(body, 'fuzzy')) throw badRequest("'fuzzy' is not supported by this emulator.");
  const search = readText(body, 'search') ?? '';
  if (search === '' || search.length > 100) throw badRequest("'search' must have 1 to 100 letters.");
  const top = readCount(body, 'top') ?? 5;
  if (top < 1 || top > 100) throw badRequest("Value of 'top' must be between 1 and 100.");
  const fields = suggestingFields(index.schema, body);
  const words = wordsOf(search);
  if (words.length === 0) throw badRequest("There is no word in 'search'.");
  const filter = readText(body, 'filter');
  const everything = { search: undefined, searchFields: [], queryType: 'simple', searchMode: 'any' } as const;
  return { words, fields, top, found: findAll(index, { ...everything, filter }) };
}

function suggestingFields(schema: IndexSchema, body: JsonObject): readonly Field[] {
  const name = readText(body, 'suggesterName');
  const suggester: Suggester | undefined = schema.suggesters.find((one) => one.name === name);
  if (suggester === undefined) throw badRequest(`The specified suggester '${String(name)}' does not exist.`);
  const names = readList(body, 'searchFields');
  if (names.length === 0) return suggester.fields;
  return names.map((path) => {
    const field = suggester.fields.find((one) => one.path === path);
    if (field === undefined)
      throw badRequest(`The field '${path}' is not one of suggester '${suggester.name}'.`);
    return field;
  });
}

/** Words as they are, whatever else the fields' analyzers do with them. */
const wordsOf = analyzerNamed(standardAnalyzer);

function has(text: string, words: readonly string[]): boolean {
  const own = wordsOf(text);
  return words.every((word, index) =>
    own.some((one) => (index === words.length - 1 ? one.startsWith(word) : one === word)),
  );
}

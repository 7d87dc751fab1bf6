import type { SearchDocument } from '../documents/search-document.js';
import type { Field } from '../indexes/field.js';
import type { Scores, TermMatch, TextIndex } from './text-index.js';

/** What is looked for in texts, as it was written. */
export type TextQuery =
  | { readonly kind: 'everything' }
  | ({ readonly kind: 'term'; readonly text: string; readonly field?: Field } & TermMatch)
  | { readonly kind: 'phrase'; readonly text: string; readonly field?: Field }
  | { readonly kind: 'not'; readonly part: TextQuery }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly TextQuery[] }
  /** All that must be, none that must not; where nothing must be, one at least of the others. */
  | {
      readonly kind: 'clauses';
      readonly must: readonly TextQuery[];
      readonly mustNot: readonly TextQuery[];
      readonly may: readonly TextQuery[];
    }
  | { readonly kind: 'boost'; readonly part: TextQuery; readonly by: number };

export interface SearchedTexts {
  readonly text: TextIndex;
  readonly documents: ReadonlyMap<string, SearchDocument>;
  /** Where words are looked for that name no field. */
  readonly fields: readonly Field[];
}

/** The documents that fit, with how well. */
export function scoresOf(query: TextQuery, searched: SearchedTexts): Scores {
  const { text, documents, fields } = searched;
  const of = (part: TextQuery) => scoresOf(part, searched);
  switch (query.kind) {
    case 'everything':
      return new Map([...documents.keys()].map((key) => [key, 1]));
    case 'term':
      return text.withTerm(query.text, query.field === undefined ? fields : [query.field], query);
    case 'phrase':
      return text.withPhrase(query.text, query.field === undefined ? fields : [query.field], documents);
    case 'not':
      return without(documents, of(query.part));
    case 'and':
      return query.parts.map(of).reduce(both);
    case 'or':
      return query.parts.map(of).reduce(either);
    case 'boost':
      return new Map([...of(query.part)].map(([key, score]) => [key, score * query.by]));
    case 'clauses':
      return clauses(query, documents, of);
  }
}

function clauses(
  { must, mustNot, may }: Extract<TextQuery, { kind: 'clauses' }>,
  documents: ReadonlyMap<string, SearchDocument>,
  of: (part: TextQuery) => Scores,
): Scores {
  const excluded = mustNot.map((part) => without(documents, of(part)));
  const optional = may.map(of).reduce(either, new Map());
  const needed = must.map(of);
  if (must.length === 0) return [optional, ...excluded].reduce(both);
  const found = [...needed, ...excluded].reduce(both);
  return new Map([...found].map(([key, score]) => [key, score + (optional.get(key) ?? 0)]));
}

function both(one: Scores, other: Scores): Scores {
  const found = [...one].filter(([key]) => other.has(key));
  return new Map(found.map(([key, score]) => [key, score + other.get(key)!]));
}

function either(one: Scores, other: Scores): Scores {
  const sums = new Map(one);
  for (const [key, score] of other) sums.set(key, (sums.get(key) ?? 0) + score);
  return sums;
}

function without(documents: ReadonlyMap<string, SearchDocument>, found: Scores): Scores {
  return new Map([...documents.keys()].filter((key) => !found.has(key)).map((key) => [key, 0]));
}

import type { DocumentStore } from '../documents/document-store.js';
import { compileFilter, type Matching } from '../filter/compile-filter.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import type { JsonObject, JsonValue } from '../json.js';
import { badRequest } from '../search-error.js';
import { parseFull } from '../text/parse-full.js';
import { parseSimple } from '../text/parse-simple.js';
import type { Scores } from '../text/text-index.js';
import { scoresOf } from '../text/text-query.js';
import { readFacet } from './facet-request.js';
import { countFacet } from './facets.js';
import type { Found } from './found.js';
import { orderOf } from './order.js';
import type { SearchQuestion } from './search-question.js';
import { selectionOf } from './selection.js';
import { searchableField, searchableFields } from './text-fields.js';

export interface SearchedIndex {
  readonly schema: IndexSchema;
  readonly store: DocumentStore;
}

export interface SearchPage {
  readonly results: readonly JsonObject[];
  readonly count: number;
  readonly facets: Readonly<Record<string, readonly JsonObject[]>>;
  /** Where the answer goes on, with how many are left of those that were asked for. */
  readonly next: { readonly skip: number; readonly top: number | undefined } | undefined;
}

const defaultPage = 50;
const largestPage = 1_000;

/** Answers a question. Throws for one that cannot be asked of this index. */
export function runSearch({ schema, store }: SearchedIndex, question: SearchQuestion): SearchPage {
  const { top, skip } = question;
  const order = orderOf(schema, question.orderBy);
  const select = selectionOf(schema, question.select);
  const facets = question.facets.map((facet) => readFacet(schema, facet));
  const found = findAll({ schema, store }, question).sort(order);
  const page = found.slice(skip, skip + Math.min(top ?? defaultPage, largestPage));
  const end = skip + page.length;
  const left = top === undefined ? undefined : top - page.length;
  return {
    results: page.map(({ document, score }) => ({ '@search.score': score, ...select(document) })),
    count: found.length,
    facets: Object.fromEntries(facets.map((facet) => [facet.field.path, countFacet(facet, found)])),
    next: end < found.length && left !== 0 ? { skip: end, top: left } : undefined,
  };
}

/** All that fits the text and the filter. */
export function findAll(
  { schema, store }: SearchedIndex,
  question: Pick<SearchQuestion, 'search' | 'filter' | 'searchFields' | 'queryType' | 'searchMode'>,
): Found[] {
  const scores = textScores({ schema, store }, question);
  const fits =
    question.filter === undefined || question.filter.trim() === ''
      ? () => true
      : compileFilter(schema, question.filter, matchingIn({ schema, store }));
  const found: Found[] = [];
  for (const [key, document] of store.visible) {
    const score = scores === undefined ? 1 : scores.get(key);
    if (score !== undefined && fits(document)) found.push({ key, document, score });
  }
  return found;
}

type TextQuestion = Pick<SearchQuestion, 'search' | 'searchFields' | 'queryType' | 'searchMode'>;

/** `undefined` where nothing is looked for in texts. */
function textScores(
  { schema, store }: SearchedIndex,
  { search, searchFields, queryType, searchMode }: TextQuestion,
): Scores | undefined {
  const fields = searchableFields(schema, searchFields);
  const text = search?.trim() ?? '';
  if (text === '' || text === '*') return undefined;
  const joint = searchMode === 'all' ? 'and' : 'or';
  const query =
    queryType === 'full'
      ? parseFull(text, { joint, fieldNamed: (path) => searchableField(schema, path) })
      : parseSimple(text, joint);
  return scoresOf(query, { text: store.text, documents: store.visible, fields });
}

/** `search.ismatch('text', 'fields', 'full', 'all')` in a filter. */
function matchingIn(index: SearchedIndex): Matching {
  return ([search = '', fields = '', queryType = 'simple', searchMode = 'any', ...more]) => {
    const isRight = ['simple', 'full'].includes(queryType) && ['any', 'all'].includes(searchMode);
    if (more.length > 0 || !isRight)
      throw badRequest('Invalid expression: search.ismatch has other parameters.');
    const scores = textScores(index, {
      search,
      searchFields: fields.split(',').filter((name) => name !== ''),
      queryType: queryType as 'simple' | 'full',
      searchMode: searchMode as 'any' | 'all',
    });
    const keyName = index.schema.key.name;
    return (document) => scores === undefined || scores.has(document[keyName] as string);
  };
}

/** A page as the service writes it. */
export function writtenPage(
  page: SearchPage,
  question: SearchQuestion,
  asked: { readonly body: JsonObject; readonly url: string },
): JsonObject {
  const { results, count, facets, next } = page;
  const facetsToTell = facets as Readonly<Record<string, JsonValue>>;
  return {
    ...(question.count && { '@odata.count': count }),
    ...(question.facets.length > 0 && { '@search.facets': facetsToTell }),
    ...(next !== undefined && {
      '@search.nextPageParameters': {
        ...asked.body,
        skip: next.skip,
        ...(next.top !== undefined && { top: next.top }),
      },
    }),
    value: results,
    ...(next !== undefined && { '@odata.nextLink': asked.url }),
  };
}

import { readBatch } from '../documents/read-batch.js';
import { type ActionResult, refusedAction, runAction } from '../documents/run-batch.js';
import { type SearchIndex, shownIndex } from '../indexes/search-indexes.js';
import type { JsonObject } from '../json.js';
import { runSearch, writtenPage } from '../query/run-search.js';
import { readQuestion } from '../query/search-question.js';
import { selectionOf } from '../query/selection.js';
import { autocomplete, suggest } from '../query/suggest.js';
import { notFound } from '../search-error.js';
import type { SearchSurroundings } from '../surroundings.js';
import type { SearchOperation } from './operation-kind.js';
import type { SearchAnswer, SearchRequest } from './search-request.js';

type Route = (request: SearchRequest, surroundings: SearchSurroundings) => SearchAnswer;

/** Does what a request asks. Throws where it cannot be. */
export function answerTo(
  operation: SearchOperation,
  request: SearchRequest,
  surroundings: SearchSurroundings,
): SearchAnswer {
  return routes[operation](request, surroundings);
}

const ok = (body: JsonObject | number): SearchAnswer => ({ status: 200, body });

const routes: Readonly<Record<SearchOperation, Route>> = {
  'list-indexes': ({ query }, { indexes }) => {
    const names = selectedIn(query, '*');
    const isWanted = ([name]: readonly [string, unknown]) => names.includes('*') || names.includes(name);
    const value = indexes
      .list()
      .map((index) => Object.fromEntries(Object.entries(shownIndex(index)).filter(isWanted)));
    return ok({ value });
  },
  'create-index': ({ body }, { indexes }) => shown(indexes.create(body), 201),
  'get-index': (request, surroundings) => shown(indexOf(request, surroundings), 200),
  'put-index': (request, { indexes }) => {
    const { index, isNew } = indexes.put(request.index!, request.body, conditionsOf(request));
    const isAnswered = /return=representation/.test(request.header('prefer') ?? '');
    return isNew || isAnswered ? shown(index, isNew ? 201 : 200) : { status: 204 };
  },
  'delete-index': (request, { indexes }) => {
    indexes.delete(request.index!, conditionsOf(request));
    return { status: 204 };
  },
  'index-statistics': (request, surroundings) => {
    const { store } = indexOf(request, surroundings);
    const storageSize = [...store.visible.values()].reduce((sum, one) => sum + JSON.stringify(one).length, 0);
    return ok({ documentCount: store.visible.size, storageSize, vectorIndexSize: 0 });
  },
  batch: runBatch,
  search: (request, surroundings) => {
    const { definition, store } = indexOf(request, surroundings);
    const question = readQuestion(request.body);
    const page = runSearch({ schema: definition.schema, store }, question);
    return ok(writtenPage(page, question, { body: request.body as JsonObject, url: request.url }));
  },
  suggest: (request, surroundings) => {
    const { definition, store } = indexOf(request, surroundings);
    return ok(suggest({ schema: definition.schema, store }, request.body));
  },
  autocomplete: (request, surroundings) => {
    const { definition, store } = indexOf(request, surroundings);
    return ok(autocomplete({ schema: definition.schema, store }, request.body));
  },
  lookup: (request, surroundings) => {
    const { definition, store } = indexOf(request, surroundings);
    const select = selectionOf(definition.schema, selectedIn(request.query));
    const document = store.visible.get(request.key!);
    if (document === undefined) throw notFound(`There is no document with the key '${request.key}'.`);
    return ok(select(document));
  },
  count: (request, surroundings) => ok(indexOf(request, surroundings).store.visible.size),
};

function indexOf({ index }: SearchRequest, { indexes }: SearchSurroundings): SearchIndex {
  return indexes.named(index ?? '');
}

const shown = (index: SearchIndex, status: number): SearchAnswer => ({
  status,
  body: shownIndex(index),
  headers: { ETag: index.etag },
});

/** Names in `$select`, which the SDK encodes twice. */
function selectedIn(query: URLSearchParams, otherwise = ''): readonly string[] {
  const given = query.get('$select') ?? query.get('%24select') ?? otherwise;
  return given.split(',').filter((name) => name !== '');
}

const conditionsOf = (request: SearchRequest) => ({
  ifMatch: request.header('if-match'),
  ifNoneMatch: request.header('if-none-match'),
});

function runBatch(request: SearchRequest, surroundings: SearchSurroundings): SearchAnswer {
  const { definition, store } = indexOf(request, surroundings);
  const actions = readBatch(definition.schema, request.body);
  surroundings.counter.add(definition.name, 'documents', actions.length);
  const results = actions.map(
    (action) =>
      plannedRefusal(action.key, definition.name, surroundings) ??
      runAction(definition.schema, store, action),
  );
  return {
    status: results.every(({ status }) => status) ? 200 : 207,
    body: { value: results as unknown as readonly JsonObject[] },
  };
}

/** What goes wrong by plan with one document of a batch. */
function plannedRefusal(
  key: string,
  index: string,
  { faults }: SearchSurroundings,
): ActionResult | undefined {
  const fault = faults.decide('document', index)?.fault;
  if (fault === 'throttle') return refusedAction(key, 429, 'Too many requests.');
  if (fault === 'unavailable') {
    return refusedAction(
      key,
      503,
      'The search service is too busy to process this document. Please try again later.',
    );
  }
  if (fault === 'conflict') return refusedAction(key, 409, 'A version conflict was detected.');
  return undefined;
}

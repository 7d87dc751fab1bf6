import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { productsOf, runningSearch } from '../fixtures/running-search.js';
import type { RunningSearch } from './search-options.js';

let search: RunningSearch;
beforeEach(async () => {
  search = await runningSearch();
});

interface Raw {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
}

const batch = "indexes('products')/docs/search.index";
const searching = "indexes('products')/docs/search.post.search";
const suggesting = "indexes('products')/docs/search.post.suggest";

/** Sends what the SDK never would. Gives the status, and whether the answer is an error in the service's form. */
async function send({ method = 'POST', path, body }: Raw) {
  const response = await fetch(`${search.endpoint}/${path}?api-version=2026-04-01`, {
    method,
    headers: { 'api-key': search.key, 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  });
  const answer = await response.text();
  const error = answer === '' ? undefined : JSON.parse(answer).error;
  return {
    status: response.status,
    isError: typeof error?.code === 'string' && typeof error.message === 'string',
  };
}

const refused = { status: 400, isError: true };

async function expectToWork(): Promise<void> {
  const products = productsOf(search);
  await products.uploadDocuments([{ id: 'still-here', name: 'Still here' }]);
  expect((await products.search('still', { includeTotalCount: true })).count).toBe(1);
}

describe('bodies of batches', () => {
  test.each([
    ['no JSON', '{"value": '],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"text"'],
    ['nothing', undefined],
    ['no documents', '{"value":[]}'],
    ['an object for a list', '{"value":{}}'],
    ['a text for a document', '{"value":["a"]}'],
    ['null for a document', '{"value":[null]}'],
    ['an unknown action', '{"value":[{"@search.action":"drop","id":"a"}]}'],
    ['an action that is no text', '{"value":[{"@search.action":1,"id":"a"}]}'],
    ['no key', '{"value":[{"name":"a"}]}'],
    ['a key that is null', '{"value":[{"id":null}]}'],
    ['a key that is a number', '{"value":[{"id":1}]}'],
    ['an unknown field', '{"value":[{"id":"a","none":1}]}'],
    ['a field of JavaScript’s own', '{"value":[{"id":"a","__proto__":{"price":1}}]}'],
    ['a field of every object', '{"value":[{"id":"a","constructor":1}]}'],
    ['an object for a text', '{"value":[{"id":"a","name":{"a":1}}]}'],
    [
      '100,000 levels of nesting',
      `{"value":[{"id":"a","name":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`,
    ],
  ])('with %s', async (_name, body) => {
    expect(await send({ path: batch, ...(body !== undefined && { body }) })).toEqual(refused);
    expect(await productsOf(search).getDocumentsCount()).toBe(0);
    await expectToWork();
  });

  test('far too large are refused with a reason, and not with a broken connection', async () => {
    const body = JSON.stringify({ value: [{ id: 'a', name: 'x'.repeat(20_000_000) }] });
    expect(await send({ path: batch, body })).toEqual({ status: 413, isError: true });
    await expectToWork();
  });
});

describe('questions', () => {
  test.each([
    ['no object', '[]'],
    ['nothing', undefined],
    ['an unknown property', '{"find":"a"}'],
    ['a search that is no text', '{"search":1}'],
    ['a filter that is no text', '{"filter":{}}'],
    ['a filter of something else', '{"filter":"price eq 1; drop"}'],
    ['a top that is no number', '{"top":"1"}'],
    ['half a document', '{"top":1.5}'],
    ['a skip below nothing', '{"skip":-1}'],
    ['facets that are no list', '{"facets":"price"}'],
    ['facets that are no texts', '{"facets":[1]}'],
    ['another search mode', '{"searchMode":"some"}'],
    ['another query type', '{"queryType":"semantic"}'],
    ['a count that is no truth value', '{"count":"yes"}'],
    ['33 orders', JSON.stringify({ orderby: Array(33).fill('price').join(',') })],
    ['vectors', '{"vectorQueries":[{"kind":"vector"}]}'],
    ['a scoring profile', '{"scoringProfile":"a"}'],
    ['highlights', '{"highlight":"name"}'],
    ['a regular expression', '{"search":"/a.*/","queryType":"full"}'],
    ['a range', '{"search":"[a TO b]","queryType":"full"}'],
    ['a wildcard at the beginning', '{"search":"*a","queryType":"full"}'],
    ['proximity', '{"search":"\\"a b\\"~3","queryType":"full"}'],
  ])('with %s', async (_name, body) => {
    expect(await send({ path: searching, ...(body !== undefined && { body }) })).toEqual(refused);
    await expectToWork();
  });

  test.each([
    ['a filter', { filter: `${'('.repeat(50_000)}price eq 1${')'.repeat(50_000)}` }],
    ['denials', { filter: `${'not ('.repeat(50_000)}price eq 1${')'.repeat(50_000)}` }],
    ['a text', { search: `${'('.repeat(50_000)}a${')'.repeat(50_000)}` }],
    [
      'a text in the full syntax',
      { search: `${'('.repeat(50_000)}a${')'.repeat(50_000)}`, queryType: 'full' },
    ],
  ])('%s nested beyond all measure', async (_name, body) => {
    expect(await send({ path: searching, body: JSON.stringify(body) })).toEqual(refused);
    await expectToWork();
  });

  test.each([
    ['no text', '{"suggesterName":"sg"}'],
    ['no suggester', '{"search":"a"}'],
    ['another suggester', '{"search":"a","suggesterName":"other"}'],
    ['a field of which nothing is suggested', '{"search":"a","suggesterName":"sg","searchFields":"price"}'],
    ['101 results', '{"search":"a","suggesterName":"sg","top":101}'],
    ['no word', '{"search":"...","suggesterName":"sg"}'],
    ['slips of the pen', '{"search":"a","suggesterName":"sg","fuzzy":true}'],
  ])('for suggestions with %s', async (_name, body) => {
    expect(await send({ path: suggesting, body })).toEqual(refused);
  });

  test('whatever the text is, it is searched for', async () => {
    const products = productsOf(search);
    await products.uploadDocuments([{ id: '1', name: 'a "b" (c) -d +e |f\\g *' }]);
    const letters = fc.string({ unit: fc.constantFrom(...'ab"()-+|*\\ :~^&'), maxLength: 12 });
    const property = fc.asyncProperty(letters, async (text) => {
      await products.search(text, { includeTotalCount: true });
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

describe('paths and methods', () => {
  test.each([
    ['PATCH', "indexes('products')", 405],
    ['DELETE', searching, 405],
    ['GET', batch, 405],
    ['GET', "indexes('none')", 404],
    ['GET', "indexes('none')/docs/$count", 404],
    ['POST', "indexes('none')/docs/search.index", 404],
    ['GET', "indexes('products')/docs('none')", 404],
    ['GET', "indexes('products')/nothing", 404],
    ['GET', 'nothing', 404],
    ['GET', 'constructor', 404],
    ['GET', "indexes('%ff')", 400],
    ['GET', "indexes('__proto__')", 404],
  ])('%s %s', async (method, path, status) => {
    const body = method === 'POST' ? '{"value":[{"id":"a"}]}' : undefined;
    expect(await send({ method, path, ...(body && { body }) })).toEqual({ status, isError: true });
  });

  test('an index is found without quotes as well', async () => {
    expect((await send({ method: 'GET', path: 'indexes/products' })).status).toBe(200);
    expect((await send({ path: 'indexes/products/docs/search', body: '{}' })).status).toBe(200);
  });

  test('what is no HTTP harms nobody', async () => {
    const socket = connect(search.port, '127.0.0.1');
    socket.write('\0\0\0 nonsense\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    await expectToWork();
  });
});

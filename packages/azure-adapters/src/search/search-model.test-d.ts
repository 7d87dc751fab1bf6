import { defineProjection, type ReadModel } from '@diptych/core';
import { expectTypeOf, test } from 'vitest';
import { searchIndex } from './declared-search-index.js';

interface Book {
  readonly id: string;
  readonly title: string;
  readonly pages: number;
  readonly words: readonly string[];
  readonly isSold?: boolean;
  readonly author: { readonly name: string };
}

const books = defineProjection<Book>({ name: 'books', version: 1 });
const bookIndex = searchIndex(books, {
  fields: {
    title: { type: 'text', searchable: true, sortable: true },
    pages: { type: 'integer', facetable: true },
    isSold: { type: 'boolean' },
  },
});
declare const model: ReadModel<Book>;

test('fields have types that fit their values', () => {
  // @ts-expect-error a text is no number
  searchIndex(books, { fields: { title: { type: 'integer' } } });
  // @ts-expect-error books have no such field
  searchIndex(books, { fields: { publisher: { type: 'text' } } });
  // @ts-expect-error what is in a document's document is not in an index
  searchIndex(books, { fields: { author: { type: 'text' } } });
  searchIndex(books, { fields: { words: { type: 'texts' }, title: { type: 'date' } } });
});

test('a search takes what was declared, and gives it back', () => {
  const search = bookIndex.in(model);
  expectTypeOf(search.search('x'))
    .resolves.toHaveProperty('documents')
    .toEqualTypeOf<readonly Pick<Book, 'title' | 'pages' | 'isSold'>[]>();
  expectTypeOf(search.search('x', { select: ['pages'] }))
    .resolves.toHaveProperty('documents')
    .toEqualTypeOf<readonly Pick<Book, 'pages'>[]>();
  expectTypeOf(search.searchStored('x'))
    .resolves.toHaveProperty('documents')
    .toEqualTypeOf<readonly Book[]>();
  search.search('x', {
    orderBy: ['title desc'],
    facets: { pages: { interval: 100 } },
    searchFields: ['title'],
  });
  // @ts-expect-error not sortable
  search.search('x', { orderBy: ['pages'] });
  // @ts-expect-error not facetable
  search.search('x', { facets: { title: {} } });
  // @ts-expect-error not searchable
  search.search('x', { searchFields: ['pages'] });
  // @ts-expect-error not in the index
  search.search('x', { select: ['words'] });
  // @ts-expect-error a filter is no text
  search.search('x', { filter: 'pages eq 1' });
});

test('an index is asked in its own read model only', () => {
  // @ts-expect-error documents of another kind
  bookIndex.in({} as ReadModel<{ readonly id: string }>);
});

import assert from 'node:assert/strict';
import { assertStatus, keys } from './harness.mjs';

const documents = [
  {
    id: '1',
    name: "it's",
    price: 10,
    stock: 1,
    isNew: true,
    since: '2030-01-01T00:00:00Z',
    tags: ['a', 'b'],
  },
  {
    id: '2',
    name: 'b c',
    price: 20.5,
    stock: 2,
    isNew: false,
    since: '2030-01-02T00:00:00.25Z',
    tags: ['b c'],
  },
  { id: '3', name: 'B', price: -3, tags: [] },
  { id: '4', description: 'red shoes' },
];

/** Filters with the documents that fit. */
const fitting = [
  ["name eq 'it''s'", '1'],
  ["name ne 'B'", '1 2 4'],
  ['name eq null', '4'],
  ['name ne null', '1 2 3'],
  ["name eq 'b'", ''],
  ['price eq 10', '1'],
  ['price gt 10', '2'],
  ['price ge 10', '1 2'],
  ['price lt 10', '3'],
  ['price le 10.0', '1 3'],
  ['price eq -3', '3'],
  ['price ge 1e1', '1 2'],
  ['10 lt price', '2'],
  ['price lt INF', '1 2 3'],
  ['price gt -INF', '1 2 3'],
  ['price gt null', ''],
  ['stock ge 2', '2'],
  ['stock gt 1.5', '2'],
  ['isNew', '1'],
  ['not isNew', '2 3 4'],
  ['isNew eq false', '2'],
  ['isNew ne true', '2 3 4'],
  ['since ge 2030-01-02T00:00:00Z', '2'],
  ['since eq 2030-01-01T01:00:00+01:00', '1'],
  ['since lt 2030-01-02T00:00:00.251Z', '1 2'],
  ['true', '1 2 3 4'],
  ['false', ''],
  ['price lt 15 and stock eq 1 or isNew eq false', '1 2'],
  ['price lt 15 and (stock eq 1 or isNew eq false)', '1'],
  ['not (price lt 15)', '2 4'],
  ['not (price lt 15) and not (price eq null)', '2'],
  ["tags/any(t: t eq 'a')", '1'],
  ["tags/any(t: t eq 'a' or t eq 'b c')", '1 2'],
  ["tags/all(t: t ne 'a')", '2 3 4'],
  ["tags/all(t: t ne 'a' and t ne 'b c')", '3 4'],
  ['tags/any()', '1 2'],
  ['not tags/any()', '3 4'],
  ["tags/any(t: search.in(t, 'a, x'))", '1'],
  ["tags/all(t: not search.in(t, 'a|b c', '|'))", '3 4'],
  ["search.in(name, 'B,x')", '3'],
  ["search.in(name, 'b c|B', '|')", '2 3'],
  ["search.in(name, 'b c,B')", '3'],
  ["search.ismatch('shoes')", '4'],
  ["search.ismatchscoring('red AND shoes', 'description', 'full', 'any') or id eq '1'", '1 4'],
];

const refused = [
  "name gt 'a'",
  "name le 'a'",
  'isNew gt false',
  'not price gt 5',
  'name eq 5',
  "price eq 'a'",
  'price eq 2030-01-01T00:00:00Z',
  "since gt '2030-01-01'",
  'since gt 2030-13-01T00:00:00Z',
  "unfiltered eq 'a'",
  "description eq 'a'",
  "none eq 'a'",
  'name eq description',
  '1 eq 1',
  "tags eq 'a'",
  "tags/any(t: t ne 'a')",
  "tags/any(t: t eq 'a' and t eq 'b')",
  "tags/all(t: t eq 'a')",
  "tags/any(t: id eq '1')",
  'tags/all()',
  "name/any(n: n eq 'a')",
  "search.in(price, '1,2')",
  'price',
  'price add 1 eq 2',
  "name eq 'a",
  "name eq 'a' and",
  '(price eq 1',
  "contains(name, 'a')",
  'price EQ 1',
  "Name eq 'B'",
];

export const filterChecks = {
  async 'compare, join, and ask of collections'(context) {
    const search = await context.indexWith(documents);
    for (const [filter, expected] of fitting) {
      const found = (await keys(search, '', { filter })).sort().join(' ');
      assert.equal(found, expected, filter);
    }
  },

  async 'that are none, or compare what cannot be compared, are refused'(context) {
    const search = await context.indexWith(documents);
    for (const filter of refused) {
      await assertStatus(400, keys(search, '', { filter })).catch((error) => {
        throw new Error(`${filter}: ${error.message}`);
      });
    }
  },
};

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFieldValues, withAllFields } from '../documents/field-values.js';
import { readIndexDefinition } from '../indexes/index-definition.js';
import type { JsonObject } from '../json.js';
import { compileFilter } from './compile-filter.js';

const { schema } = readIndexDefinition({
  name: 'things',
  fields: [
    { name: 'id', type: 'Edm.String', key: true },
    { name: 'text', type: 'Edm.String' },
    { name: 'number', type: 'Edm.Double' },
    { name: 'flag', type: 'Edm.Boolean' },
    { name: 'time', type: 'Edm.DateTimeOffset' },
    { name: 'tags', type: 'Collection(Edm.String)' },
    { name: 'counts', type: 'Collection(Edm.Int32)' },
    {
      name: 'rooms',
      type: 'Collection(Edm.ComplexType)',
      fields: [
        { name: 'kind', type: 'Edm.String' },
        { name: 'rate', type: 'Edm.Double' },
      ],
    },
  ],
});

interface Thing {
  readonly text: string | null;
  readonly number: number | null;
  readonly flag: boolean | null;
  readonly time: string | null;
  readonly tags: readonly string[];
  readonly counts: readonly number[];
  readonly rooms: readonly { readonly kind: string | null; readonly rate: number | null }[];
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });
const text: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'a b', "it's", '', ')', 'A', 'ä, 🙂');
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, -1.25, 1e-7, 2 ** 40));
const time = fc.constantFrom('2030-01-01T00:00:00Z', '2030-01-01T01:00:00+01:00', '2030-06-01T12:30:00.25Z');
const few = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 3 });
const thing: fc.Arbitrary<Thing> = fc.record({
  text: orNull(text),
  number: orNull(number),
  flag: orNull(fc.boolean()),
  time: orNull(time),
  tags: few(text),
  counts: few(fc.integer({ min: 0, max: 3 })),
  rooms: few(fc.record({ kind: orNull(text), rate: orNull(number) })),
});

/** A filter as it is written, and what it means. */
interface Written<Item> {
  readonly text: string;
  readonly holds: (item: Item) => boolean;
}
type Filters<Item> = fc.Arbitrary<Written<Item>>;

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;

const ranges: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  eq: (a, b) => a === b,
};
const turned: Readonly<Record<string, string>> = { gt: 'lt', ge: 'le', lt: 'gt', le: 'ge', eq: 'eq' };

function compared<Item>(path: string, own: (item: Item) => number | null, value: number, literal: string) {
  return fc.tuple(fc.constantFrom(...Object.keys(ranges), 'ne'), fc.boolean()).map(([operator, isTurned]) => {
    const holds = (item: Item) => {
      const mine = own(item);
      if (operator === 'ne') return mine !== value;
      return mine !== null && ranges[operator]!(mine, value);
    };
    const isReversed = isTurned && operator !== 'ne';
    return {
      text: isReversed ? `${literal} ${turned[operator]} ${path}` : `${path} ${operator} ${literal}`,
      holds,
    };
  });
}

function numbers<Item>(path: string, own: (item: Item) => number | null): Filters<Item> {
  return number.chain((value) => compared(path, own, value, `${value}`.replace('+', '')));
}

function texts<Item>(path: string, own: (item: Item) => string | null): Filters<Item> {
  return fc.tuple(orNull(text), fc.boolean()).map(([value, isEqual]) => ({
    text: `${path} ${isEqual ? 'eq' : 'ne'} ${value === null ? 'null' : quoted(value)}`,
    holds: (item) => (own(item) === value) === isEqual,
  }));
}

const times: Filters<Thing> = time.chain((value) =>
  compared(
    'time',
    (item: Thing) => (item.time === null ? null : Date.parse(item.time)),
    Date.parse(value),
    value,
  ),
);

const flags: Filters<Thing> = fc.constantFrom<Written<Thing>>(
  { text: 'flag', holds: ({ flag }) => flag === true },
  { text: 'not flag', holds: ({ flag }) => flag !== true },
  { text: 'flag eq false', holds: ({ flag }) => flag === false },
  { text: 'flag ne true', holds: ({ flag }) => flag !== true },
  { text: 'flag eq null', holds: ({ flag }) => flag === null },
  { text: 'true', holds: () => true },
);

/** Between bars, since there are blanks and commas in the texts; what is empty is in no list. */
const lists: Filters<Thing> = few(text).map((values) => ({
  text: `search.in(text, ${quoted(values.join('|'))}, '|')`,
  holds: (item) => item.text !== null && item.text !== '' && values.includes(item.text),
}));

const ofTags: Filters<Thing> = fc.tuple(few(text), fc.boolean()).map(([values, isAny]) => {
  if (values.length === 0) return { text: 'tags/any()', holds: ({ tags }: Thing) => tags.length > 0 };
  const part = values
    .map((value) => `t ${isAny ? 'eq' : 'ne'} ${quoted(value)}`)
    .join(isAny ? ' or ' : ' and ');
  const isIn = (tag: string) => values.includes(tag);
  return {
    text: `tags/${isAny ? 'any' : 'all'}(t: ${part})`,
    holds: ({ tags }: Thing) => (isAny ? tags.some(isIn) : !tags.some(isIn)),
  };
});

/** Alternatives of what must all hold, with parentheses where they are needed, and some where they are not. */
function joined<Item>(leaf: Filters<Item>, depth: number): Filters<Item> {
  if (depth === 0) return leaf;
  const inner = joined(leaf, depth - 1);
  const factor = fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: inner.map(({ text: of, holds }) => ({ text: `(${of})`, holds })) },
    {
      weight: 1,
      arbitrary: inner.map(({ text: of, holds }) => ({
        text: `not (${of})`,
        holds: (item: Item) => !holds(item),
      })),
    },
  );
  const some = (of: Filters<Item>) => fc.array(of, { minLength: 1, maxLength: 3 });
  const all = some(factor).map((parts) => ({
    text: parts.map((part) => part.text).join(' and '),
    holds: (item: Item) => parts.every((part) => part.holds(item)),
  }));
  return some(all).map((parts) => ({
    text: parts.map((part) => part.text).join(' or '),
    holds: (item: Item) => parts.some((part) => part.holds(item)),
  }));
}

function lambda<Item>(
  path: string,
  items: (thing: Thing) => readonly Item[],
  part: Filters<Item>,
): Filters<Thing> {
  return fc.tuple(part, fc.boolean()).map(([{ text: of, holds }, isAny]) => ({
    text: `${path}/${isAny ? 'any' : 'all'}(x: ${of})`,
    holds: (one) => (isAny ? items(one).some(holds) : items(one).every(holds)),
  }));
}

type Room = Thing['rooms'][number];
const leaf = fc.oneof<Filters<Thing>[]>(
  numbers('number', (item) => item.number),
  texts('text', (item) => item.text),
  times,
  flags,
  lists,
  ofTags,
  lambda(
    'counts',
    ({ counts }) => counts,
    joined(
      numbers<number>('x', (count) => count),
      1,
    ),
  ),
  lambda(
    'rooms',
    ({ rooms }) => rooms,
    joined(
      fc.oneof(
        numbers<Room>('x/rate', ({ rate }) => rate),
        texts<Room>('x/kind', ({ kind }) => kind),
      ),
      1,
    ),
  ),
);

function kept(one: Thing, index: number): JsonObject {
  return withAllFields(
    schema.fields,
    readFieldValues(schema.fields, { id: `${index}`, ...one } as JsonObject),
  );
}

test('a filter selects what the same condition in JavaScript does', () => {
  const things = fc.array(thing, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(joined(leaf, 2), things, (filter, all) => {
      const fits = compileFilter(schema, filter.text, () => () => false);
      expect(all.map((one, index) => fits(kept(one, index)))).toEqual(all.map(filter.holds));
    }),
    { numRuns: 500 },
  );
});

test('whatever is written, it is a filter or refused', () => {
  const word = fc.constantFrom(
    'number',
    'text',
    'tags',
    'eq',
    'gt',
    'not',
    'and',
    '(',
    ')',
    '1',
    "'a'",
    '/any(t:',
    'x',
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
      (filter) => {
        try {
          compileFilter(schema, filter, () => () => false);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      },
    ),
    { numRuns: 500 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Deadlines } from '../../clock/deadlines.js';
import { ManualClock } from '../../clock/manual-clock.js';
import { Account } from '../account/account.js';
import type { ItemContainer } from '../items/item-container.js';
import type { JsonObject, JsonValue } from '../items/json.js';
import { readPartitionKey } from '../items/partition-key.js';
import { WriteUnit } from '../items/write-unit.js';
import { queryItems } from './item-query.js';
import { readQuery } from './query-text.js';

const clock = new ManualClock();
const scalar = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'ab', '') },
  fc.boolean(),
  fc.constant(null),
);
const item = fc.record(
  { pk: fc.constantFrom('p', 'q'), a: scalar, b: scalar, list: fc.array(scalar, { maxLength: 3 }) },
  { requiredKeys: ['pk'] },
);
const items = fc
  .array(item, { maxLength: 12 })
  .map((all) => all.map((one, n) => ({ id: `i${n}`, ...one }) as JsonObject));

const composite = [
  { path: '/a', order: 'ascending' },
  { path: '/b', order: 'ascending' },
];

function containerOf(all: readonly JsonObject[]): ItemContainer {
  const account = new Account({ clock, deadlines: new Deadlines(clock), lag: { inMs: 0 } });
  account.createDatabase({ id: 'd' }, undefined);
  const definition = {
    id: 'c',
    partitionKey: { paths: ['/pk'] },
    indexingPolicy: { compositeIndexes: [composite], includedPaths: [{ path: '/*' }, { path: '/a/?' }] },
  };
  const { items: container } = account.createContainer('d', definition, undefined);
  for (const one of all) write(container, one);
  return container;
}

function write(container: ItemContainer, body: JsonObject): void {
  const unit = new WriteUnit(container, readPartitionKey(JSON.stringify([body.pk]), 1));
  unit.write(body);
  unit.commit();
}

interface Asked {
  readonly query: string;
  readonly value?: JsonValue;
  readonly key?: string | undefined;
  readonly pageSize?: number;
}

function* pages(container: ItemContainer, { query, value = null, key, pageSize = 100 }: Asked) {
  let continuation: string | undefined;
  do {
    const page = queryItems(container, {
      asked: readQuery({ query, parameters: [{ name: '@v', value }] }),
      key: key === undefined ? undefined : readPartitionKey(JSON.stringify([key]), 1),
      lsn: container.lsn,
      mostResults: pageSize,
      continuation,
      clock,
    });
    continuation = page.continuation;
    yield page.results;
  } while (continuation !== undefined);
}

const ask = (container: ItemContainer, asked: Asked) => [...pages(container, asked)].flat();

const typeOf = (value: unknown) => (value === null ? 'null' : typeof value);
const types = ['undefined', 'null', 'boolean', 'number', 'string'];

/** As the query language compares, said in another way than there. */
const holds: Readonly<Record<string, (left: JsonValue | undefined, right: JsonValue) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== undefined && left !== right,
  '<': (left, right) => typeOf(left) === typeOf(right) && left !== null && left! < right!,
  '>=': (left, right) =>
    typeOf(left) === typeOf(right) && (left === right || (left !== null && left! > right!)),
};

function inOrder(left: JsonValue | undefined, right: JsonValue | undefined): number {
  const byType = types.indexOf(typeOf(left)) - types.indexOf(typeOf(right));
  if (byType !== 0 || left === right) return byType;
  return left! < right! ? -1 : 1;
}

const operator = fc.constantFrom(...Object.keys(holds));
const pageSize = fc.integer({ min: 1, max: 4 });
const key = fc.option(fc.constantFrom('p', 'q'), { nil: undefined });
const idsOf = (all: readonly JsonValue[]) => all.map((one) => (one as JsonObject).id);

test('a condition selects what the same condition in JavaScript does, in whatever pages', () => {
  fc.assert(
    fc.property(items, operator, operator, scalar, key, pageSize, (all, first, second, value, of, size) => {
      const expected = all.filter(
        (one) => (of ?? one.pk) === one.pk && (holds[first]!(one.a, value) || holds[second]!(one.b, value)),
      );
      const query = `SELECT * FROM c WHERE c.a ${first} @v OR c.b ${second} @v`;
      const found = ask(containerOf(all), { query, value, key: of, pageSize: size });
      expect(idsOf(found)).toEqual(idsOf(expected));
    }),
  );
});

test('an order is that of JavaScript’s stable sort, with types before values', () => {
  fc.assert(
    fc.property(items, fc.boolean(), pageSize, (all, isDescending, size) => {
      const sign = isDescending ? -1 : 1;
      const expected = [...all].sort((one, other) => sign * inOrder(one.a, other.a));
      const query = `SELECT * FROM c ORDER BY c.a ${isDescending ? 'DESC' : 'ASC'}`;
      expect(idsOf(ask(containerOf(all), { query, pageSize: size }))).toEqual(idsOf(expected));
    }),
  );
});

test('an order by two properties, a part of it, and pages of that', () => {
  fc.assert(
    fc.property(items, fc.nat(5), fc.nat(5), pageSize, (all, offset, limit, size) => {
      const sorted = [...all].sort((one, other) => inOrder(one.a, other.a) || inOrder(one.b, other.b));
      const query = `SELECT * FROM c ORDER BY c.a, c.b OFFSET ${offset} LIMIT ${limit}`;
      const found = ask(containerOf(all), { query, pageSize: size });
      expect(idsOf(found)).toEqual(idsOf(sorted.slice(offset, offset + limit)));
    }),
  );
});

test('distinct values, and groups with what they count, are those of a map', () => {
  fc.assert(
    fc.property(items, pageSize, (all, size) => {
      const container = containerOf(all);
      const values = all.map((one) => one.a).filter((value) => value !== undefined);
      const distinct = ask(container, { query: 'SELECT DISTINCT VALUE c.a FROM c', pageSize: size });
      expect(distinct).toEqual([...new Set(values)]);
      const query = 'SELECT VALUE [c.a ?? "none", COUNT(1)] FROM c GROUP BY c.a ?? "none"';
      const groups = ask(container, { query, pageSize: size }) as [JsonValue, number][];
      const expected = new Map<JsonValue, number>();
      for (const { a = 'none' } of all as { a?: JsonValue }[]) expected.set(a, (expected.get(a) ?? 0) + 1);
      expect(groups).toEqual([...expected]);
    }),
  );
});

test('a join gives each item of each list', () => {
  fc.assert(
    fc.property(items, pageSize, (all, size) => {
      const query = 'SELECT VALUE {"id": c.id, "l": l} FROM c JOIN l IN c.list WHERE IS_NUMBER(l)';
      const expected = all.flatMap((one) =>
        ((one.list ?? []) as JsonValue[])
          .filter((l) => typeof l === 'number')
          .map((l) => ({ id: one.id, l })),
      );
      expect(ask(containerOf(all), { query, pageSize: size })).toEqual(expected);
    }),
  );
});

test('pages give each item that stays as it is once, whatever is written between them', () => {
  fc.assert(
    fc.property(items, items, fc.boolean(), pageSize, (all, others, isSorted, size) => {
      const container = containerOf(all);
      const written = others.map((one, n) => (n % 2 === 0 ? one : { ...one, id: `new${n}` }));
      const found: unknown[] = [];
      const query = `SELECT * FROM c${isSorted ? ' ORDER BY c.a' : ''}`;
      for (const page of pages(container, { query, pageSize: size })) {
        found.push(...idsOf(page));
        const next = written.shift();
        if (next !== undefined) write(container, next);
      }
      const touched = new Set(others.map((one) => `${one.id}`));
      const untouched = all.map((one) => `${one.id}`).filter((id) => !touched.has(id));
      for (const id of untouched) expect(found.filter((one) => one === id)).toEqual([id]);
    }),
  );
});

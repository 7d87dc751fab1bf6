import type { ReadModel } from '@diptych/core';
import { expectTypeOf, test } from 'vitest';
import { sql } from '../queries/sql-fragment.js';
import { inCosmos } from './in-cosmos.js';

declare const model: ReadModel<{ readonly status: string }>;

test('rows have the type that is said, and none where none is said', () => {
  const { query } = inCosmos(model);
  expectTypeOf(query<{ readonly n: number }>(sql`SELECT COUNT(1) AS n FROM d`))
    .resolves.toHaveProperty('rows')
    .toEqualTypeOf<readonly { readonly n: number }[]>();
  expectTypeOf(query(sql`SELECT * FROM d`))
    .resolves.toHaveProperty('rows')
    .toEqualTypeOf<readonly unknown[]>();
  expectTypeOf(query(sql`SELECT * FROM d`))
    .resolves.toHaveProperty('next')
    .toEqualTypeOf<string | undefined>();
});

test('values are JSON, or a query that is a part of this one', () => {
  const part = sql`d.status = ${'open'}`;
  sql`SELECT * FROM d WHERE ${part} AND d.n IN (${1}, ${null}, ${true}) AND d.tags = ${['a', { b: [1] }]}`;
  // @ts-expect-error there is no JSON of undefined
  sql`SELECT * FROM d WHERE d.status = ${undefined}`;
  // @ts-expect-error a date is written as a text
  sql`SELECT * FROM d WHERE d.at = ${new Date()}`;
  // @ts-expect-error nor of a bigint
  sql`SELECT * FROM d WHERE d.n = ${1n}`;
  // @ts-expect-error nor of a function
  sql`SELECT * FROM d WHERE d.n = ${() => 1}`;
});

test('a text by itself is no query: values would be put into it', () => {
  const handle = inCosmos(model);
  handle.query({ text: 'SELECT * FROM d WHERE d.status = @status', parameters: { status: 'open' } });
  // @ts-expect-error
  handle.query('SELECT * FROM d');
  // @ts-expect-error
  sql('SELECT * FROM d');
  // @ts-expect-error a value has a name
  handle.query({ text: 'SELECT * FROM d', parameters: ['open'] });
  // @ts-expect-error `places` is none of its options
  handle.query(sql`SELECT * FROM d`, { places: 'all' });
});

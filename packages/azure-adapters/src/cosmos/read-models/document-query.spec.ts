import { expect, test } from 'vitest';
import { sql } from '../queries/sql-fragment.js';
import { queryDocuments } from './document-query.js';
import type { CosmosReading, QueryPage } from './reading.js';

/** The service behind several servers: pages may be empty, short, or more than was asked for, and have no end to go on from. */
function answering(pages: readonly Partial<QueryPage<number>>[]) {
  const asked: (readonly [limit: number, token: string | undefined])[] = [];
  const reading = {
    pages: () => async (limit: number, token: string | undefined) => {
      const page = pages[asked.length]!;
      asked.push([limit, token]);
      return { rows: [], token: undefined, hasMore: asked.length < pages.length, charge: 2, ...page };
    },
  } as unknown as CosmosReading;
  const held = { id: 'copy-1', indexes: {}, partitionBy: 'document' as const };
  const ask = (limit: number) =>
    queryDocuments<number>(
      { tenant: 'default', held, reading, required: undefined },
      sql`SELECT VALUE d.n FROM d`,
      { limit },
    );
  return { ask, asked };
}

test('pages that are empty or short are gone on from, until there are as many rows as asked', async () => {
  const { ask, asked } = answering([
    { rows: [] },
    { rows: [1], token: 'a' },
    { rows: [2, 3], token: 'b' },
    { rows: [4], token: 'c' },
    { rows: [5] },
  ]);
  expect(await ask(4)).toMatchObject({ rows: [1, 2, 3, 4], requestCharge: 8, next: expect.any(String) });
  expect(asked).toEqual([
    [4, undefined],
    [4, undefined],
    [3, 'a'],
    [1, 'b'],
  ]);
});

test('what cannot be continued is refused, rather than shown in part', async () => {
  const refused = { code: 'cosmos-query', message: expect.stringContaining('more than 2 rows') };
  await expect(answering([{ rows: [1, 2, 3] }]).ask(2)).rejects.toMatchObject(refused);
  await expect(answering([{ rows: [1, 2] }, { rows: [3] }]).ask(2)).rejects.toMatchObject(refused);
  await expect(answering([{ rows: [1, 2] }]).ask(2)).resolves.toMatchObject({
    rows: [1, 2],
    next: undefined,
  });
});

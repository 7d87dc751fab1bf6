import type { Container, FeedOptions } from '@azure/cosmos';
import {
  type Copy,
  type DocumentChange,
  marksOf,
  positionAt,
  type ReadModelDefinition,
  type ReadModelStore,
} from '@diptych/core';
import { MemoryReadModelStore } from '@diptych/core/memory';
import { afterEach, describe, expect, test } from 'vitest';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';
import type { SqlText } from '../queries/asked-sql.js';
import { type SqlFragment, type SqlValue, sql } from '../queries/sql-fragment.js';
import type { CosmosQueryOptions } from './document-query.js';
import { inCosmos } from './in-cosmos.js';
import type { PartitionBy } from './placement.js';

const definition: ReadModelDefinition = { model: 'orders', version: 1, indexes: {} };
const copyOf = (generation: number): Copy => ({ model: 'orders', version: 1, generation });
const copy = copyOf(1);

type Order = Readonly<Record<string, SqlValue>>;

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

/** One process that writes, another that reads, and what that one asks of the SDK. */
async function opened(partitionBy: PartitionBy = 'document') {
  const ground = await cosmosReadModelsGround({ partitionBy: () => partitionBy });
  close = ground.close;
  const asked: FeedOptions[] = [];
  const writing = await ground.store();
  const reading = await ground.store({ container: listening(await ground.container(), asked) });
  for (const one of [copy, copyOf(2)]) await writing.create(definition, one);
  return {
    ...ground,
    asked,
    writing,
    reading,
    handle: (tenant = 'default', of = copy) => inCosmos(reading.open(definition, of, tenant)),
    put: (tenant: string, documents: Readonly<Record<string, Order | null>>, of = copy) =>
      put(writing, of, tenant, documents),
  };
}

function listening(container: Container, asked: FeedOptions[]): Container {
  const items = new Proxy(container.items, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name).bind(target);
      return (query: string, options: FeedOptions) => {
        asked.push(options);
        return target.query(query, options);
      };
    },
  });
  return new Proxy(container, {
    get(target, name) {
      const value: unknown = name === 'items' ? items : Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function put(
  store: ReadModelStore,
  of: Copy,
  tenant: string,
  documents: Readonly<Record<string, Order | null>>,
): Promise<void> {
  const changes = Object.entries(documents).map(
    ([name, document]): DocumentChange => ({
      id: { tenant, name },
      body: document === null ? null : JSON.stringify(document),
      marks: marksOf([[0, positionAt(1, 0)]]),
      expectedRevision: undefined,
    }),
  );
  expect(await store.write(of, changes)).not.toContain('conflict');
}

const orders: Readonly<Record<string, Order | null>> = {
  'ada/1': { id: '1', customer: 'ada', status: 'open', total: 5, tags: ['gift', 'new'] },
  'ada/2': { id: '2', customer: 'ada', status: 'paid', total: 7, tags: ['new'] },
  'bob/3': { id: '3', customer: 'bob', status: 'open', total: 3, tags: [] },
  'bob/4': null,
};

describe('queries in Cosmos DB’s SQL', () => {
  test('are about documents, and see neither tombstones nor what is beside a document', async () => {
    const { put, handle } = await opened();
    await put('default', orders);
    const rows = async (asked: SqlFragment) => (await handle().query(asked)).rows;
    const all = Object.values(orders).filter((order) => order !== null);
    expect(await rows(sql`SELECT * FROM d`)).toEqual(all);
    expect(await rows(sql`SELECT VALUE o FROM orders AS o`)).toEqual(all);
    expect(await rows(sql`SELECT TOP 1 d FROM d ORDER BY d.total`)).toEqual([{ d: orders['bob/3'] }]);
    const status = 'open';
    expect(
      await rows(
        sql`SELECT d.customer, COUNT(1) AS n, SUM(d.total) AS total FROM d WHERE d.status = ${status} GROUP BY d.customer`,
      ),
    ).toEqual([
      { customer: 'ada', n: 1, total: 5 },
      { customer: 'bob', n: 1, total: 3 },
    ]);
    expect(await rows(sql`SELECT d.id, t FROM d JOIN t IN d.tags WHERE t != ${'gift'}`)).toEqual([
      { id: '1', t: 'new' },
      { id: '2', t: 'new' },
    ]);
    expect(
      await rows(
        sql`SELECT VALUE d.id FROM d WHERE EXISTS(SELECT VALUE t FROM t IN d.tags WHERE t = 'gift')`,
      ),
    ).toEqual(['1']);
    expect(await rows(sql`SELECT VALUE COUNT(1) FROM d`)).toEqual([3]);
    expect(await rows(sql`SELECT d.marks, d.copy, d.name FROM d`)).toEqual([{}, {}, {}]);
  });

  test('take values as they are, whatever is in them', async () => {
    const hostile = [
      "' OR 1=1 --",
      '" OR "" = "',
      "\\' OR 1=1 --",
      '\\',
      '@diptych_tenant',
      '*/ OR 1=1 /*',
      ') OR (1=1',
      '\u0000',
      '\ud800',
      '\u202e\ufeff',
      '__proto__',
      '',
      '😀'.repeat(100),
    ];
    const { put, handle } = await opened('tenant');
    await put(
      'default',
      Object.fromEntries(hostile.map((text, at) => [`${at}`, { at, text, list: [text] }])),
    );
    for (const [at, text] of hostile.entries()) {
      for (const asked of [
        sql`SELECT VALUE d.at FROM d WHERE d.text = ${text}`,
        sql`SELECT VALUE d.at FROM d WHERE d.list = ${[text]}`,
        sql`SELECT VALUE d.at FROM d WHERE ${{ [text]: text }} = ${{ [text]: text }} AND d.text = ${text}`,
        { text: 'SELECT VALUE d.at FROM d WHERE d.text = @text', parameters: { text } },
      ])
        expect((await handle().query(asked)).rows).toEqual([at]);
    }
  });

  test('give rows page by page, until there are as many as asked', async () => {
    const { put, handle } = await opened();
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`${n}`, { n, half: n % 2 }]));
    await put('default', many);
    const ordered = (after?: string) =>
      handle().query<number>(sql`SELECT VALUE d.n FROM d WHERE d.half = ${0} ORDER BY d.n DESC`, {
        limit: 5,
        after,
      });
    const first = await ordered();
    expect(first.rows).toEqual([24, 22, 20, 18, 16]);
    expect(first.requestCharge).toBeGreaterThan(0);
    const second = await ordered(first.next);
    expect(second.rows).toEqual([14, 12, 10, 8, 6]);
    const third = await ordered(second.next);
    expect(third).toMatchObject({ rows: [4, 2, 0], next: undefined });
    await expect(handle().query(sql`SELECT * FROM d`, { limit: 1_001 })).rejects.toMatchObject({
      code: 'page-limit',
    });
  });

  test('cannot be continued with the end of another query’s page', async () => {
    const { put, handle } = await opened();
    const many = Object.fromEntries(Array.from({ length: 4 }, (_, n) => [`${n}`, { n }]));
    for (const tenant of ['one', 'other']) await put(tenant, many);
    const ask = (tenant: string, least: number, after?: string) =>
      handle(tenant).query(sql`SELECT VALUE d.n FROM d WHERE d.n >= ${least}`, { limit: 2, after });
    const { next } = await ask('one', 0);
    await expect(ask('one', 0, next)).resolves.toMatchObject({ rows: [2, 3] });
    for (const [tenant, least, after] of [
      ['other', 0, next],
      ['one', 1, next],
      ['one', 0, 'nonsense'],
      ['one', 0, ''],
    ] as const)
      await expect(ask(tenant, least, after)).rejects.toMatchObject({ code: 'page-after' });
  });
});

const foreign = 'of somebody else';

describe('a query never shows documents of another tenant or copy', () => {
  const tenants = ['t', 't1', 'T', 't"]', 't,', '', ' t', 't'.repeat(300)];
  // Each is refused, or shows what is its tenant's.
  const attempts: readonly (SqlFragment | SqlText)[] = [
    sql`SELECT * FROM d`,
    sql`SELECT * FROM d WHERE 1 = 1 OR true`,
    sql`SELECT * FROM d WHERE d.tenant = d.tenant OR NOT (d.copy = 1)`,
    sql`SELECT VALUE (SELECT VALUE c FROM c) FROM d`,
    sql`SELECT VALUE ARRAY(SELECT VALUE r FROM ROOT r) FROM d`,
    sql`SELECT VALUE x FROM d JOIN (SELECT VALUE r FROM r IN root) AS x`,
    sql`SELECT VALUE x FROM d JOIN x IN d.items WHERE d.whose = ${foreign}`,
    sql`SELECT * FROM c WHERE c.whose = ${foreign}`,
    sql`SELECT * FROM d WHERE d.whose = ${foreign} OR d.text = ${"' OR 1=1 --"}`,
    sql`SELECT VALUE COUNT(1) FROM d WHERE d.whose = ${foreign}`,
    { text: 'SELECT * FROM d WHERE 1=1) OR (1=1' },
    { text: 'SELECT * FROM d WHERE 1=1 /* ' },
    { text: 'SELECT * FROM d WHERE 1=1 OR 1=1 --' },
    { text: 'SELECT * FROM d WHERE d.a = @diptych_tenant' },
    { text: 'SELECT * FROM d WHERE d.a = 1', parameters: { diptych_tenant: 't1' } },
    { text: 'SELECT * FROM diptych_item' },
    { text: 'SELECT diptych_item FROM d' },
    { text: 'SELECT d FROM d GROUP BY d OFFSET 0 LIMIT 1000' },
  ];

  for (const partitionBy of ['document', 'tenant', { idBefore: '/' }] as const) {
    test(`where documents are parted by ${JSON.stringify(partitionBy)}, with any text`, async () => {
      const { put, handle, asked } = await opened(partitionBy);
      for (const tenant of tenants) {
        const other = tenants[0] === tenant ? 'own' : foreign;
        await put(tenant, { 'a/1': { whose: other, items: ['x'] }, 'a/2': { whose: other, items: [] } });
      }
      await put('t', { 'a/1': { whose: foreign }, 'a/3': { whose: foreign } }, copyOf(2));
      const places: readonly CosmosQueryOptions[] =
        typeof partitionBy === 'object' ? [{ acrossPlaces: true }, { place: 'a' }] : [{}];
      let answered = 0;
      for (const attempt of attempts) {
        for (const options of places) {
          const found = await handle('t')
            .query(attempt, options)
            .catch((error: unknown) => {
              expect(error).toMatchObject({ code: 'cosmos-query' });
              return { rows: [] };
            });
          expect(JSON.stringify(found.rows)).not.toContain(foreign);
          answered += found.rows.length;
        }
      }
      expect(answered).toBeGreaterThan(6);
      // Whatever a text says, the service looks at nothing else.
      const keys = asked.map(({ partitionKey }) => partitionKey as readonly string[]);
      expect(new Set(keys.map(([copyId, tenant]) => `${copyId} ${tenant}`)).size).toBe(1);
      expect(keys.every((key) => key.length >= 2 && key[1] === 't')).toBe(true);
    });
  }
});

describe('a query about documents that are parted by the beginning of their ids', () => {
  test('is about one place, or says that it is about all', async () => {
    const { put, handle, asked } = await opened({ idBefore: '/' });
    await put('default', orders);
    const ids = sql`SELECT VALUE d.id FROM d`;
    const placeError = { code: 'cosmos-query-place', origin: 'programming' };
    await expect(handle().query(ids)).rejects.toMatchObject(placeError);
    const both = { place: 'ada', acrossPlaces: true };
    await expect(handle().query(ids, both)).rejects.toMatchObject(placeError);
    for (const place of ['ada', 'ada/1'])
      expect((await handle().query(ids, { place })).rows).toEqual(['1', '2']);
    expect(asked.at(-1)?.partitionKey).toEqual([expect.any(String), 'default', 'ada']);
    expect((await handle().query(ids, { acrossPlaces: true })).rows).toEqual(['1', '2', '3']);
    expect(asked.at(-1)?.partitionKey).toEqual([expect.any(String), 'default']);
  });

  test.each(['document', 'tenant'] as const)(
    'is not asked of those that are parted by %s: it would be about more',
    async (partitionBy) => {
      const { put, handle } = await opened(partitionBy);
      await put('default', orders);
      const failed = handle().query(sql`SELECT * FROM d`, { place: 'ada' });
      await expect(failed).rejects.toMatchObject({ code: 'cosmos-query-place' });
    },
  );
});

describe('a query that the service refuses', () => {
  test('is told where in the program’s own text', async () => {
    const { put, handle } = await opened();
    await put('default', orders);
    const failed = (text: string) => handle().query({ text });
    await expect(failed('SELECT d.id\nFROM documents AS d\nWHERE d.id = = 1')).rejects.toMatchObject({
      code: 'cosmos-query',
      origin: 'programming',
      message: expect.stringContaining('SC1001'),
      details: { line: 3, column: 14 },
    });
    await expect(failed('SELECT SHOUT(d.id) FROM d')).rejects.toMatchObject({
      code: 'cosmos-query',
      message: expect.stringContaining('SHOUT'),
    });
  });
});

describe('a query’s answer', () => {
  test('promise 5: has what the checkpoint says, though replicas lag', async () => {
    const { put, cosmos, writing, reading, handle } = await opened();
    const count = sql`SELECT VALUE COUNT(1) FROM d`;
    // Its client has seen the container before anything was written, and the copy is known.
    expect((await handle().query(count)).rows).toEqual([0]);
    cosmos.lagBy(60_000);
    await put('default', orders);
    const evidence = await writing.evidenceOf(copy, undefined);
    const atLeast = { subscription: 'orders/v1', ranges: [], evidence: [evidence] };
    const fresh = inCosmos(reading.open(definition, copy, 'default', atLeast));
    expect((await fresh.query(count)).rows).toEqual([3]);
  });

  test('is not waited for by whoever has called off', async () => {
    const { put, handle } = await opened();
    await put('default', orders);
    const abortSignal = AbortSignal.abort();
    await expect(handle().query(sql`SELECT * FROM d`, { abortSignal })).rejects.toThrow();
  });
});

test('a read model that is kept elsewhere is not asked', async () => {
  const model = new MemoryReadModelStore().open(definition, copy, 'default');
  expect(() => inCosmos(model)).toThrow(expect.objectContaining({ code: 'cosmos-not-kept' }));
});

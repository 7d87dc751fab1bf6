import assert from 'node:assert/strict';
import { ask, ids } from './harness.mjs';

const orders = [
  {
    id: '1',
    total: 30,
    status: 'paid',
    lines: [
      { sku: 'a', count: 1 },
      { sku: 'b', count: 2 },
    ],
    tags: ['x', 'y'],
  },
  { id: '2', total: 10, status: 'open', lines: [{ sku: 'a', count: 5 }], tags: [] },
  { id: '3', total: 20, status: 'paid', note: null, customer: { name: 'Ada' }, tags: ['y'] },
  { id: '4', total: '20', status: 'Paid' },
];

const where = async (container, condition, parameters) =>
  ids(await ask(container, `SELECT c.id FROM c WHERE ${condition}`, parameters)).join('');

export const queryChecks = {
  async 'a partition key keeps others’ items out, and without one all are asked'(context) {
    const container = await context.containerWith([{ id: 'a' }, { id: 'b', pk: 'q' }]);
    assert.deepEqual(ids(await ask(container, 'SELECT * FROM c')), ['a']);
    assert.deepEqual(ids(await ask(container, 'SELECT * FROM c', {}, {})).sort(), ['a', 'b']);
    assert.deepEqual(ids(await ask(container, 'SELECT * FROM c WHERE c.pk = "q"', {}, {})), ['b']);
    assert.deepEqual(ids((await container.items.readAll({ partitionKey: 'q' }).fetchAll()).resources), ['b']);
  },

  async 'values are compared within their type'(context) {
    const container = await context.containerWith(orders);
    assert.equal(await where(container, 'c.total = 20'), '3');
    assert.equal(await where(container, 'c.total > 10'), '13');
    assert.equal(await where(container, 'c.total >= 10 AND c.total < 30'), '23');
    assert.equal(await where(container, 'c.total != 20'), '124');
    assert.equal(await where(container, 'c.total <> @total', { total: '20' }), '123');
    assert.equal(await where(container, 'c.status = "paid" OR c.total = 10'), '123');
    assert.equal(await where(container, "c.status IN ('paid', 'open')"), '123');
    assert.equal(await where(container, "c.status NOT IN ('paid')"), '24');
    assert.equal(await where(container, 'c.total BETWEEN 10 AND 20'), '23');
    assert.equal(await where(container, 'c.total NOT BETWEEN 10 AND 20'), '1');
    assert.equal(await where(container, 'c.customer = {"name": "Ada"}'), '3');
    assert.equal(await where(container, 'c["customer"]["name"] = @name', { name: 'Ada' }), '3');
    assert.equal(await where(container, 'c.tags[0] = "y"'), '3');
  },

  async 'what is missing is unknown, also turned round, and null is a value'(context) {
    const container = await context.containerWith(orders);
    assert.equal(await where(container, 'c.note = null'), '3');
    assert.equal(await where(container, 'c.customer.name != "Ada"'), '');
    assert.equal(await where(container, 'NOT (c.customer.name = "Ada")'), '');
    assert.equal(await where(container, 'c.customer.name = "Ada" OR c.total = 10'), '23');
    assert.equal(await where(container, 'NOT IS_DEFINED(c.note)'), '124');
    assert.equal(await where(container, 'IS_NULL(c.note)'), '3');
    assert.equal(await where(container, '(c.customer.name ?? "nobody") = "nobody"'), '124');
    assert.equal(await where(container, '(IS_STRING(c.total) ? 20 : c.total) = 20'), '34');
  },

  async 'patterns and functions'(context) {
    const container = await context.containerWith(orders);
    assert.equal(await where(container, 'c.status LIKE "pa%"'), '13');
    assert.equal(await where(container, 'c.status LIKE "_aid"'), '134');
    assert.equal(await where(container, 'c.status LIKE "[Pp]aid"'), '134');
    assert.equal(await where(container, 'c.status NOT LIKE "%aid"'), '2');
    assert.equal(await where(container, 'c.status LIKE "pa!%" ESCAPE "!"'), '');
    assert.equal(await where(container, 'STARTSWITH(c.status, "PA", true)'), '134');
    assert.equal(await where(container, 'CONTAINS(c.status, "ai") AND ENDSWITH(c.status, "d")'), '134');
    assert.equal(await where(container, 'LOWER(c.status) = "paid" AND StringEquals(c.status, "Paid")'), '4');
    assert.equal(await where(container, 'ARRAY_CONTAINS(c.tags, "y") AND ARRAY_LENGTH(c.tags) = 2'), '1');
    assert.equal(await where(container, 'ARRAY_CONTAINS(c.lines, {"sku": "b"}, true)'), '1');
    assert.equal(await where(container, 'ARRAY_CONTAINS(@ids, c.id)', { ids: ['2', '4'] }), '24');
    assert.equal(await where(container, 'StringToNumber(c.total) = 20'), '4');
    const [texts] = await ask(
      container,
      'SELECT VALUE [UPPER("a"), CONCAT("a", "b"), SUBSTRING("abc", 1, 1), REPLACE("aXa", "X", "b"), TRIM(" a "), ToString(1), "a" || "b"]',
    );
    assert.deepEqual(texts, ['A', 'ab', 'b', 'aba', 'a', '1', 'ab']);
    const [numbers] = await ask(
      container,
      'SELECT VALUE [LENGTH("abc"), INDEX_OF("abc", "c"), ABS(-1), FLOOR(1.5), CEILING(1.5), ROUND(1.5), 7 % 4, 1 + 2 * 3]',
    );
    assert.deepEqual(numbers, [3, 2, 1, 1, 2, 2, 3, 7]);
  },

  async 'what is selected is what the query says'(context) {
    const container = await context.containerWith([orders[2]]);
    const first = async (text) => (await ask(container, text))[0];
    assert.deepEqual(await first('SELECT c.id, c.customer.name, c.total AS sum, c["status"] FROM c'), {
      id: '3',
      name: 'Ada',
      sum: 20,
      status: 'paid',
    });
    assert.deepEqual(await first('SELECT c.none, c.note, 1, UPPER(c.status) FROM c'), {
      note: null,
      $1: 1,
      $2: 'PAID',
    });
    assert.deepEqual(await first('SELECT VALUE {"of": c.id, "all": [c.total, c.none, 1]} FROM c'), {
      of: '3',
      all: [20, 1],
    });
    assert.equal(await first('SELECT VALUE o.customer.name FROM orders AS o'), 'Ada');
    assert.deepEqual(await ask(container, 'SELECT VALUE c.none FROM c'), []);
    assert.deepEqual(await first('SELECT VALUE x FROM c.customer x'), { name: 'Ada' });
  },

  async 'lists are joined, and looked into'(context) {
    const container = await context.containerWith(orders);
    const joined = 'SELECT c.id, l.sku FROM c JOIN l IN c.lines WHERE l.count > 1';
    assert.deepEqual(await ask(container, joined), [
      { id: '1', sku: 'b' },
      { id: '2', sku: 'a' },
    ]);
    assert.deepEqual(await ask(container, 'SELECT VALUE l.sku FROM l IN c.lines'), ['a', 'b', 'a']);
    assert.deepEqual(
      await ask(container, 'SELECT VALUE {"t": t, "s": l.sku} FROM c JOIN l IN c.lines JOIN t IN c.tags'),
      [
        { t: 'x', s: 'a' },
        { t: 'y', s: 'a' },
        { t: 'x', s: 'b' },
        { t: 'y', s: 'b' },
      ],
    );
    assert.equal(await where(container, 'EXISTS(SELECT VALUE l FROM l IN c.lines WHERE l.count >= 5)'), '2');
    const arrays = 'SELECT VALUE ARRAY(SELECT VALUE l.sku FROM l IN c.lines) FROM c WHERE c.id = "1"';
    assert.deepEqual(await ask(container, arrays), [['a', 'b']]);
    const counted = 'SELECT c.id, (SELECT VALUE SUM(l.count) FROM l IN c.lines) AS n FROM c WHERE c.id = "1"';
    assert.deepEqual(await ask(container, counted), [{ id: '1', n: 3 }]);
    const queried =
      'SELECT VALUE l.sku FROM c JOIN (SELECT VALUE l FROM l IN c.lines WHERE l.count = 2) AS l';
    assert.deepEqual(await ask(container, queried), ['b']);
  },

  async 'a parameter is a value, whatever it looks like'(context) {
    const container = await context.containerWith([
      { id: 'a', text: '" OR true --' },
      { id: 'b', text: 'b' },
    ]);
    assert.equal(await where(container, 'c.text = @text', { text: '" OR true --' }), 'a');
    assert.equal(await where(container, 'c.text = @text', { text: "' OR '1' = '1" }), '');
    assert.equal(await where(container, 'c.id IN (@ids)', { ids: ['a', 'b'] }), '');
  },

  async 'distinct values, in lists and objects too'(context) {
    const container = await context.containerWith([
      { id: '1', v: 1, o: { a: 1, b: [1] } },
      { id: '2', v: '1', o: { b: [1], a: 1 } },
      { id: '3', v: 1, o: { a: 1, b: [2] } },
    ]);
    assert.deepEqual(await ask(container, 'SELECT DISTINCT VALUE c.v FROM c'), [1, '1']);
    assert.equal((await ask(container, 'SELECT DISTINCT c.o FROM c')).length, 2);
  },
};

export const aggregateChecks = {
  async 'count, sum, average, least and greatest'(context) {
    const container = await context.containerWith([
      { id: '1', n: 1, t: 'a' },
      { id: '2', n: 3, t: 'b' },
      { id: '3', t: 'c' },
    ]);
    const one = async (text) => (await ask(container, text))[0];
    assert.equal(await one('SELECT VALUE COUNT(1) FROM c'), 3);
    assert.equal(await one('SELECT VALUE COUNT(c.n) FROM c'), 2);
    assert.equal(await one('SELECT VALUE SUM(c.n) FROM c'), 4);
    assert.equal(await one('SELECT VALUE AVG(c.n) FROM c'), 2);
    assert.equal(await one('SELECT VALUE MIN(c.n) FROM c'), 1);
    assert.equal(await one('SELECT VALUE MAX(c.t) FROM c'), 'c');
    assert.equal(await one('SELECT VALUE COUNT(1) FROM c WHERE c.n > 100'), 0);
    assert.deepEqual(await ask(container, 'SELECT VALUE SUM(c.t) FROM c'), []);
    assert.deepEqual(await one('SELECT COUNT(1) AS all, MAX(c.n) - MIN(c.n) AS span FROM c'), {
      all: 3,
      span: 2,
    });
  },

  async 'by groups'(context) {
    const container = await context.containerWith([
      { id: '1', s: 'a', n: 1 },
      { id: '2', s: 'b', n: 2 },
      { id: '3', s: 'a', n: 3 },
      { id: '4', n: 4 },
    ]);
    const byStatus = await ask(
      container,
      'SELECT c.s, COUNT(1) AS orders, SUM(c.n) AS total FROM c GROUP BY c.s',
    );
    assert.deepEqual(byStatus, [
      { s: 'a', orders: 2, total: 4 },
      { s: 'b', orders: 1, total: 2 },
      { orders: 1, total: 4 },
    ]);
    const lengths = await ask(container, 'SELECT VALUE UPPER(c.s) FROM c GROUP BY UPPER(c.s)');
    assert.deepEqual(lengths, ['A', 'B']);
  },
};

const numbered = Array.from({ length: 25 }, (_, index) => ({ id: `i${index}`, n: (index * 7) % 25 }));

async function pagesOf(container, query, options) {
  const iterator = container.items.query(query, { partitionKey: 'p', ...options });
  const pages = [];
  while (iterator.hasMoreResults()) pages.push((await iterator.fetchNext()).resources);
  return pages.filter((page) => page.length > 0);
}

const numbers = (items) => items.map(({ n }) => n);

export const pagingChecks = {
  async 'pages follow each other without a gap or a repetition'(context) {
    const container = await context.containerWith(numbered);
    const pages = await pagesOf(container, 'SELECT * FROM c', { maxItemCount: 10 });
    assert.deepEqual(
      pages.map((page) => page.length),
      [10, 10, 5],
    );
    assert.deepEqual(ids(pages.flat()), ids(numbered));
  },

  async 'sorted, up and down'(context) {
    const container = await context.containerWith(numbered);
    const sorted = await pagesOf(container, 'SELECT * FROM c ORDER BY c.n', { maxItemCount: 7 });
    assert.deepEqual(
      numbers(sorted.flat()),
      Array.from({ length: 25 }, (_, n) => n),
    );
    const top = await ask(container, 'SELECT TOP 3 * FROM c ORDER BY c.n DESC');
    assert.deepEqual(numbers(top), [24, 23, 22]);
    const part = await ask(container, 'SELECT * FROM c ORDER BY c.n OFFSET @skip LIMIT 3', { skip: 5 });
    assert.deepEqual(numbers(part), [5, 6, 7]);
    const paged = await pagesOf(container, 'SELECT * FROM c ORDER BY c.n OFFSET 5 LIMIT 8', {
      maxItemCount: 3,
    });
    assert.deepEqual(numbers(paged.flat()), [5, 6, 7, 8, 9, 10, 11, 12]);
  },

  async 'sorted by several, where there is an index for it'(context) {
    const items = [
      { id: '1', a: 1, b: 1 },
      { id: '2', a: 1, b: 2 },
      { id: '3', a: 0, b: 9 },
    ];
    const composite = [
      { path: '/a', order: 'ascending' },
      { path: '/b', order: 'descending' },
    ];
    const container = await context.containerWith(items, {
      indexingPolicy: { compositeIndexes: [composite] },
    });
    assert.deepEqual(ids(await ask(container, 'SELECT * FROM c ORDER BY c.a, c.b DESC')), ['3', '2', '1']);
    assert.deepEqual(ids(await ask(container, 'SELECT * FROM c ORDER BY c.a DESC, c.b ASC')), [
      '1',
      '2',
      '3',
    ]);
  },

  async 'sorted by what differs in type; items without it come where the index names it'(context) {
    const items = ['b', 'a', 2, 1, true, false, null].map((v, index) => ({ id: String(index), v }));
    const container = await context.containerWith([...items, { id: 'none' }]);
    const values = await ask(container, 'SELECT VALUE c.v FROM c ORDER BY c.v');
    assert.deepEqual(values, [null, false, true, 1, 2, 'a', 'b']);
    const includedPaths = [{ path: '/*' }, { path: '/v/?' }];
    const named = await context.containerWith([...items, { id: 'none' }], {
      indexingPolicy: { includedPaths },
    });
    assert.equal((await ask(named, 'SELECT * FROM c ORDER BY c.v'))[0].id, 'none');
  },

  async 'go on with a token, in another client too, past what was written meanwhile'(context) {
    const container = await context.containerWith(numbered);
    const query = 'SELECT * FROM c ORDER BY c.n';
    const options = { partitionKey: 'p', maxItemCount: 10 };
    const first = await container.items.query(query, options).fetchNext();
    await container.item(numbered.find(({ n }) => n === 9).id, 'p').delete();
    await container.items.create({ id: 'early', pk: 'p', n: 3.5 });
    await container.items.create({ id: 'late', pk: 'p', n: 10.5 });
    const other = context
      .newClient()
      .database((await context.database()).id)
      .container(container.id);
    const continuationToken = first.continuationToken;
    const rest = await other.items
      .query(query, { ...options, maxItemCount: 100, continuationToken })
      .fetchNext();
    assert.deepEqual(numbers(rest.resources).slice(0, 3), [10, 10.5, 11]);
    assert.equal(rest.resources.length, 16);
  },

  async 'of joins, distinct values and groups'(context) {
    const items = Array.from({ length: 6 }, (_, n) => ({
      id: String(n),
      half: n % 2,
      list: [n, n + 10, n + 20],
    }));
    const container = await context.containerWith(items);
    const joined = await pagesOf(container, 'SELECT VALUE l FROM c JOIN l IN c.list', { maxItemCount: 4 });
    assert.deepEqual(
      joined.flat(),
      items.flatMap(({ list }) => list),
    );
    const distinct = await pagesOf(container, 'SELECT DISTINCT VALUE c.half FROM c', { maxItemCount: 1 });
    assert.deepEqual(distinct.flat(), [0, 1]);
    const groups = await pagesOf(container, 'SELECT c.half, COUNT(1) AS n FROM c GROUP BY c.half', {
      maxItemCount: 1,
    });
    assert.deepEqual(groups.flat(), [
      { half: 0, n: 3 },
      { half: 1, n: 3 },
    ]);
  },

  async 'under the control of the SDK, with its own tokens'(context) {
    const container = await context.containerWith(numbered);
    const options = { partitionKey: 'p', enableQueryControl: true, forceQueryPlan: true, maxItemCount: 10 };
    const query = 'SELECT * FROM c ORDER BY c.n';
    const pages = await pagesOf(container, query, options);
    assert.deepEqual(
      numbers(pages.flat()),
      Array.from({ length: 25 }, (_, n) => n),
    );
    const first = await container.items.query(query, options).fetchNext();
    const { continuationToken } = first;
    assert.ok(continuationToken);
    const rest = await container.items.query(query, { ...options, continuationToken }).fetchAll();
    assert.deepEqual(numbers([...first.resources, ...rest.resources]), numbers(pages.flat()));
  },

  async 'with a plan asked for first'(context) {
    const container = await context.containerWith(numbered);
    const options = { forceQueryPlan: true, maxItemCount: 10 };
    const sorted = await pagesOf(container, 'SELECT * FROM c ORDER BY c.n DESC', options);
    assert.deepEqual(numbers(sorted.flat()).slice(0, 3), [24, 23, 22]);
    assert.equal(sorted.flat().length, 25);
    assert.deepEqual(await pagesOf(container, 'SELECT VALUE COUNT(1) FROM c', options), [[25]]);
  },
};

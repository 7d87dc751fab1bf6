import assert from 'node:assert/strict';
import { ids } from './harness.mjs';

const create = (id, more = {}) => ({ operationType: 'Create', resourceBody: { id, pk: 'p', ...more } });
const codes = ({ result }) => result.map(({ statusCode }) => statusCode);
const allOf = async (container) => (await container.items.readAll().fetchAll()).resources;

export const batchChecks = {
  async 'all operations happen together'(context) {
    const container = await context.containerWith([{ id: 'r' }, { id: 'd' }, { id: 'x', n: 1 }]);
    const response = await container.items.batch(
      [
        create('c'),
        { operationType: 'Upsert', resourceBody: { id: 'u', pk: 'p' } },
        { operationType: 'Replace', id: 'r', resourceBody: { id: 'r', pk: 'p', n: 1 } },
        {
          operationType: 'Patch',
          id: 'x',
          resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }] },
        },
        { operationType: 'Read', id: 'x' },
        { operationType: 'Delete', id: 'd' },
      ],
      'p',
    );
    assert.equal(response.code, 200);
    assert.deepEqual(codes(response), [201, 201, 200, 200, 200, 204]);
    assert.equal(response.result[4].resourceBody.n, 2);
    assert.ok(response.result[0].eTag);
    assert.deepEqual(ids(await allOf(container)).sort(), ['c', 'r', 'u', 'x']);
  },

  async 'one that fails undoes all'(context) {
    const container = await context.containerWith([{ id: 'there', n: 1 }]);
    const response = await container.items.batch(
      [
        { operationType: 'Replace', id: 'there', resourceBody: { id: 'there', pk: 'p', n: 2 } },
        create('there'),
        create('after'),
      ],
      'p',
    );
    assert.equal(response.code, 207);
    assert.deepEqual(codes(response), [424, 409, 424]);
    assert.deepEqual(
      (await allOf(container)).map(({ id, n }) => [id, n]),
      [['there', 1]],
    );
  },

  async 'a stale etag fails it'(context) {
    const container = await context.container();
    const { etag } = await container.items.create({ id: 'a', pk: 'p' });
    await container.items.upsert({ id: 'a', pk: 'p', n: 1 });
    const replace = { operationType: 'Replace', id: 'a', ifMatch: etag, resourceBody: { id: 'a', pk: 'p' } };
    assert.deepEqual(codes(await container.items.batch([create('b'), replace], 'p')), [424, 412]);
    assert.deepEqual(ids(await allOf(container)), ['a']);
  },

  async 'what is missing fails it, also for a read'(context) {
    const container = await context.container();
    for (const operationType of ['Read', 'Delete']) {
      const response = await container.items.batch([create('b'), { operationType, id: 'none' }], 'p');
      assert.deepEqual(codes(response), [424, 404]);
    }
  },

  async 'sees within itself what it has done'(context) {
    const container = await context.container();
    const patch = { operations: [{ op: 'set', path: '/n', value: 5 }] };
    const response = await container.items.batch(
      [
        create('a'),
        { operationType: 'Patch', id: 'a', resourceBody: patch },
        { operationType: 'Delete', id: 'a' },
        create('a', { n: 6 }),
      ],
      'p',
    );
    assert.deepEqual(codes(response), [201, 200, 204, 201]);
    assert.equal((await container.item('a', 'p').read()).resource.n, 6);
  },

  async 'an item of another key fails it'(context) {
    const container = await context.container();
    const response = await container.items.batch([create('a'), create('b', { pk: 'q' })], 'p');
    assert.deepEqual(codes(response), [424, 400]);
    assert.deepEqual(await allOf(container), []);
  },

  async 'of two megabytes is refused whole'(context) {
    const container = await context.container();
    const text = 'x'.repeat(800 * 1024);
    await assert.rejects(
      container.items.batch(
        ['a', 'b', 'c'].map((id) => create(id, { text })),
        'p',
      ),
    );
    assert.deepEqual(await allOf(container), []);
  },

  async 'gives no bodies back where none are wanted'(context) {
    const container = await context.container();
    const options = { contentResponseOnWriteEnabled: false };
    const { result } = await container.items.batch([create('a')], 'p', options);
    assert.deepEqual([result[0].statusCode, result[0].resourceBody], [201, undefined]);
  },
};

export const bulkChecks = {
  async 'hundreds of operations of many keys happen, each by itself'(context) {
    const container = await context.containerWith([{ id: 'i7', pk: 'k7' }]);
    const operations = Array.from({ length: 250 }, (_, n) => ({
      operationType: 'Create',
      partitionKey: `k${n % 10}`,
      resourceBody: { id: `i${n}`, pk: `k${n % 10}` },
    }));
    const outcomes = await container.items.executeBulkOperations(operations);
    const failed = outcomes.filter(({ error }) => error !== undefined);
    assert.deepEqual(
      failed.map(({ error, operationInput }) => [error.code, operationInput.resourceBody.id]),
      [[409, 'i7']],
    );
    assert.equal((await allOf(container)).length, 250);
  },

  async 'each kind of operation, with conditions'(context) {
    const container = await context.container();
    const { etag } = await container.items.create({ id: 'a', pk: 'p', n: 1 });
    await container.items.create({ id: 'd', pk: 'p' });
    const responses = await container.items.bulk([
      { operationType: 'Upsert', partitionKey: 'p', resourceBody: { id: 'u', pk: 'p' } },
      {
        operationType: 'Replace',
        partitionKey: 'p',
        id: 'a',
        ifMatch: '"stale"',
        resourceBody: { id: 'a', pk: 'p', n: 2 },
      },
      { operationType: 'Read', partitionKey: 'p', id: 'a' },
      { operationType: 'Delete', partitionKey: 'p', id: 'd' },
      {
        operationType: 'Patch',
        partitionKey: 'p',
        id: 'a',
        ifMatch: etag,
        resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }] },
      },
    ]);
    assert.deepEqual(
      responses.map(({ statusCode }) => statusCode),
      [201, 412, 200, 204, 200],
    );
    assert.equal(responses[2].resourceBody.n, 1);
    assert.equal((await container.item('a', 'p').read()).resource.n, 2);
  },

  async 'hierarchical keys'(context) {
    const container = await context.container({ partitionKey: { paths: ['/t', '/u'], kind: 'MultiHash' } });
    const operation = {
      operationType: 'Create',
      partitionKey: ['T', 'U'],
      resourceBody: { id: 'a', t: 'T', u: 'U' },
    };
    const [{ statusCode }] = await container.items.bulk([operation]);
    assert.equal(statusCode, 201);
    assert.equal((await container.item('a', ['T', 'U']).read()).statusCode, 200);
  },

  async 'one operation that cannot be read fails alone'(context) {
    const container = await context.container();
    const responses = await container.items.bulk([
      { operationType: 'Create', partitionKey: 'p', resourceBody: { id: 'a/b', pk: 'p' } },
      { operationType: 'Create', partitionKey: 'p', resourceBody: { id: 'b', pk: 'p' } },
    ]);
    assert.deepEqual(
      responses.map(({ statusCode }) => statusCode),
      [400, 201],
    );
  },
};

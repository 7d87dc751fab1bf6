import assert from 'node:assert/strict';
import { assertStatus } from './harness.mjs';

export const itemChecks = {
  async 'what is created can be read, replaced, upserted and deleted'(context) {
    const container = await context.container();
    const created = await container.items.create({ id: 'a', pk: 'p', n: 1 });
    assert.equal(created.statusCode, 201);
    const item = container.item('a', 'p');
    const read = await item.read();
    assert.deepEqual([read.statusCode, read.resource.n, read.etag], [200, 1, created.etag]);
    const replaced = await item.replace({ id: 'a', pk: 'p', n: 2 });
    assert.deepEqual([replaced.statusCode, replaced.resource.n], [200, 2]);
    assert.notEqual(replaced.etag, created.etag);
    assert.equal((await container.items.upsert({ id: 'a', pk: 'p', n: 3 })).statusCode, 200);
    assert.equal((await container.items.upsert({ id: 'b', pk: 'p' })).statusCode, 201);
    assert.equal((await item.delete()).statusCode, 204);
    assert.equal((await item.read()).statusCode, 404);
  },

  async 'what the service adds to an item stays, and is not the client’s to say'(context) {
    const container = await context.container();
    const { resource: first } = await container.items.create({ id: 'a', pk: 'p', _ts: 5, _etag: 'mine' });
    const { resource: second } = await container.item('a', 'p').replace({ ...first, n: 1 });
    assert.equal(second._rid, first._rid);
    assert.notEqual(second._etag, 'mine');
    assert.ok(Math.abs(second._ts - Date.now() / 1000) < 3600);
  },

  async 'one id can be there once for each key, and no more'(context) {
    const container = await context.container();
    await container.items.create({ id: 'a', pk: 'p' });
    await container.items.create({ id: 'a', pk: 'q' });
    await assertStatus(409, container.items.create({ id: 'a', pk: 'p' }));
  },

  async 'what is not there cannot be replaced, deleted or patched'(context) {
    const container = await context.container();
    const item = container.item('none', 'p');
    assert.deepEqual([(await item.read()).statusCode, (await item.read()).resource], [404, undefined]);
    await assertStatus(404, item.replace({ id: 'none', pk: 'p' }));
    await assertStatus(404, item.delete());
    await assertStatus(404, item.patch([{ op: 'set', path: '/n', value: 1 }]));
  },

  async 'items without a key, and with null as their key, are kept apart'(context) {
    const container = await context.container();
    await container.items.create({ id: 'a' });
    await container.items.create({ id: 'a', pk: null });
    assert.equal((await container.item('a', undefined).read()).resource.pk, undefined);
    assert.equal((await container.item('a', null).read()).resource.pk, null);
  },

  async 'numbers and booleans are keys of their own'(context) {
    const container = await context.container();
    for (const pk of [1, '1', true, 'true']) await container.items.create({ id: 'a', pk });
    for (const pk of [1, '1', true, 'true']) {
      assert.strictEqual((await container.item('a', pk).read()).resource.pk, pk);
    }
  },

  async 'ids and keys may have any letters but those of a path'(context) {
    const container = await context.container();
    const id = 'ö €"\'+&=%41:@~;,.$ 日本 🙂';
    await container.items.create({ id, pk: id });
    assert.equal((await container.item(id, id).read()).resource.id, id);
    assert.equal((await container.item(id, id).delete()).statusCode, 204);
  },

  async 'all items of a key are deleted at once, those of others stay'(context) {
    const container = await context.container();
    for (const id of ['a', 'b']) await container.items.create({ id, pk: 'p' });
    await container.items.create({ id: 'a', pk: 'q' });
    await container.deleteAllItemsForPartitionKey('p');
    const { resources } = await container.items.readAll().fetchAll();
    assert.deepEqual(
      resources.map(({ pk }) => pk),
      ['q'],
    );
  },
};

const accessCondition = (type, condition) => ({ accessCondition: { type, condition } });

export const conditionChecks = {
  async 'a write with an etag goes through while nobody else has written'(context) {
    const container = await context.container();
    const { etag } = await container.items.create({ id: 'a', pk: 'p' });
    const item = container.item('a', 'p');
    await item.replace({ id: 'a', pk: 'p', n: 1 }, accessCondition('IfMatch', etag));
    await assertStatus(412, item.replace({ id: 'a', pk: 'p', n: 2 }, accessCondition('IfMatch', etag)));
    await assertStatus(412, item.delete(accessCondition('IfMatch', etag)));
    await assertStatus(412, container.items.upsert({ id: 'a', pk: 'p' }, accessCondition('IfMatch', etag)));
    const patch = [{ op: 'set', path: '/n', value: 2 }];
    await assertStatus(412, item.patch(patch, accessCondition('IfMatch', etag)));
    assert.equal((await item.read()).resource.n, 1);
  },

  async 'an upsert for what must not be there yet leaves it alone'(context) {
    const container = await context.container();
    const upsert = (n) =>
      container.items.upsert({ id: 'a', pk: 'p', n }, accessCondition('IfNoneMatch', '*'));
    assert.equal((await upsert(1)).statusCode, 201);
    await assertStatus(412, upsert(2));
    assert.equal((await container.item('a', 'p').read()).resource.n, 1);
  },

  async 'a read of what the client has already brings no body'(context) {
    const container = await context.container();
    const { etag } = await container.items.create({ id: 'a', pk: 'p' });
    const read = () => container.item('a', 'p').read(accessCondition('IfNoneMatch', etag));
    const known = await read();
    assert.deepEqual([known.statusCode, known.resource ?? null], [304, null]);
    await container.items.upsert({ id: 'a', pk: 'p', n: 1 });
    assert.equal((await read()).statusCode, 200);
  },
};

export const limitChecks = {
  async 'an item over two megabytes is refused, one just below is not'(context) {
    const container = await context.container();
    await assertStatus(413, container.items.create({ id: 'a', pk: 'p', text: 'x'.repeat(2 * 1024 * 1024) }));
    await container.items.create({ id: 'a', pk: 'p', text: 'x'.repeat(2 * 1024 * 1024 - 1024) });
  },

  async 'an item with another key than the request is refused'(context) {
    const container = await context.container();
    await container.items.create({ id: 'a', pk: 'p' });
    await assertStatus(400, container.item('a', 'p').replace({ id: 'a', pk: 'q' }));
  },

  async 'an id of 1,023 bytes is taken, a longer one is refused'(context) {
    const container = await context.container();
    await container.items.create({ id: 'ö'.repeat(511), pk: 'p' });
    await assertStatus(400, container.items.create({ id: 'ö'.repeat(512), pk: 'p' }));
  },

  async 'a time to live must be a number of seconds'(context) {
    const container = await context.container();
    for (const ttl of [0, -2, 1.5, '5']) {
      await assertStatus(400, container.items.create({ id: 'a', pk: 'p', ttl }));
    }
  },
};

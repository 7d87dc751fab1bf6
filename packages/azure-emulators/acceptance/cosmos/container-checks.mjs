import assert from 'node:assert/strict';
import { ask, assertStatus, ids } from './harness.mjs';

export const containerChecks = {
  async 'the account names its own address'(context) {
    const { resource } = await context.client.getDatabaseAccount();
    assert.equal(
      resource.consistencyPolicy ?? resource.userConsistencyPolicy?.defaultConsistencyLevel,
      'Session',
    );
    const endpoint = await context.client.getWriteEndpoint();
    assert.equal(await context.client.getReadEndpoint(), endpoint);
  },

  async 'a database is made once, found, listed and deleted'(context) {
    const database = await context.database();
    assert.equal((await database.read()).resource.id, database.id);
    assert.ok(ids((await context.client.databases.readAll().fetchAll()).resources).includes(database.id));
    await assertStatus(409, context.client.databases.create({ id: database.id }));
    assert.equal((await context.client.databases.createIfNotExists({ id: database.id })).statusCode, 200);
    await assertStatus(404, context.client.database('no-such-database').read());
  },

  async 'a container keeps its definition'(context) {
    const container = await context.container({
      partitionKey: { paths: ['/t', '/u'], kind: 'MultiHash', version: 2 },
      defaultTtl: 60,
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/a'] }] },
    });
    const { resource } = await container.read();
    assert.deepEqual(resource.partitionKey.paths, ['/t', '/u']);
    assert.deepEqual(resource.uniqueKeyPolicy.uniqueKeys[0].paths, ['/a']);
    assert.equal(resource.defaultTtl, 60);
    await container.replace({ ...resource, defaultTtl: -1 });
    assert.equal((await container.read()).resource.defaultTtl, -1);
  },

  async 'a container is made once, listed and deleted with its items'(context) {
    const database = await context.database();
    const container = await context.containerWith([{ id: 'a' }]);
    await assertStatus(409, database.containers.create({ id: container.id, partitionKey: '/pk' }));
    assert.deepEqual(ids((await database.containers.readAll().fetchAll()).resources), [container.id]);
    const found = await database.containers.query('SELECT * FROM c WHERE c.id = "none"').fetchAll();
    assert.deepEqual(found.resources, []);
    await container.delete();
    await assertStatus(404, container.read());
    const again = (await database.containers.create({ id: container.id, partitionKey: '/pk' })).container;
    assert.deepEqual((await again.items.readAll().fetchAll()).resources, []);
  },

  async 'throughput is an offer that can be read and replaced'(context) {
    const database = await context.database();
    const { container } = await database.containers.create({ id: 'c', partitionKey: '/pk', throughput: 600 });
    const { resource, offer } = await container.readOffer();
    assert.equal(resource.content.offerThroughput, 600);
    await offer.replace({ ...resource, content: { ...resource.content, offerThroughput: 800 } });
    assert.equal((await container.readOffer()).resource.content.offerThroughput, 800);
  },
};

const hierarchy = { partitionKey: { paths: ['/t', '/u'], kind: 'MultiHash' } };

export const hierarchyChecks = {
  async 'one id is there once for each whole key'(context) {
    const container = await context.container(hierarchy);
    await container.items.create({ id: 'a', t: 'T', u: '1' });
    await container.items.create({ id: 'a', t: 'T', u: '2' });
    await assertStatus(409, container.items.create({ id: 'a', t: 'T', u: '1' }));
    assert.equal((await container.item('a', ['T', '2']).read()).resource.u, '2');
  },

  async 'the first parts of a key find all that begin with them'(context) {
    const container = await context.container(hierarchy);
    for (const [t, u] of ['T1', 'T2', 'U1'].map((text) => [...text])) {
      await container.items.create({ id: t + u, t, u });
    }
    await container.items.create({ id: 'TT', t: 'TT', u: '1' });
    const query = 'SELECT * FROM c';
    assert.deepEqual(ids(await ask(container, query, {}, { partitionKey: ['T'] })), ['T1', 'T2']);
    assert.deepEqual(ids(await ask(container, query, {}, { partitionKey: ['T', '2'] })), ['T2']);
    const all = await ask(container, query, {}, { partitionKey: ['T'], maxItemCount: 1 });
    assert.deepEqual(ids(all), ['T1', 'T2']);
  },
};

export const uniqueKeyChecks = {
  async 'one path, unique within a key'(context) {
    const container = await context.container({ uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/mail'] }] } });
    await container.items.create({ id: 'a', pk: 'p', mail: 'x' });
    await assertStatus(409, container.items.create({ id: 'b', pk: 'p', mail: 'x' }));
    await container.items.create({ id: 'b', pk: 'q', mail: 'x' });
    await container.item('a', 'p').delete();
    await container.items.create({ id: 'c', pk: 'p', mail: 'x' });
  },

  async 'several paths, unique together'(context) {
    const container = await context.container({
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/a', '/b/c'] }] },
    });
    await container.items.create({ id: '1', pk: 'p', a: 1, b: { c: 1 } });
    await container.items.create({ id: '2', pk: 'p', a: 1, b: { c: 2 } });
    await assertStatus(409, container.items.create({ id: '3', pk: 'p', a: 1, b: { c: 2 } }));
    await container.items.create({ id: '4', pk: 'p' });
    await assertStatus(409, container.items.create({ id: '5', pk: 'p' }));
    await assertStatus(409, container.item('1', 'p').replace({ id: '1', pk: 'p', a: 1, b: { c: 2 } }));
  },
};

const isThere = async (container, id) => (await container.item(id, 'p').read()).statusCode === 200;

export const expiryChecks = {
  async 'an item is gone after the time of the container, or its own'(context) {
    const container = await context.container({ defaultTtl: 4 });
    await container.items.create({ id: 'standard', pk: 'p' });
    await container.items.create({ id: 'longer', pk: 'p', ttl: 60 });
    await container.items.create({ id: 'for ever', pk: 'p', ttl: -1 });
    assert.ok(await isThere(container, 'standard'));
    await context.pass(6_000);
    assert.ok(!(await isThere(container, 'standard')));
    assert.deepEqual(ids(await ask(container, 'SELECT * FROM c')), ['longer', 'for ever']);
    await container.items.create({ id: 'standard', pk: 'p' });
  },

  async 'a write begins the time anew'(context) {
    const container = await context.container({ defaultTtl: -1 });
    await container.items.create({ id: 'a', pk: 'p', ttl: 5 });
    await context.pass(3_000);
    await container.items.upsert({ id: 'a', pk: 'p', ttl: 5 });
    await context.pass(3_000);
    assert.ok(await isThere(container, 'a'));
    await context.pass(4_000);
    assert.ok(!(await isThere(container, 'a')));
  },

  async 'says nothing where the container knows no times'(context) {
    const container = await context.containerWith([{ id: 'a', ttl: 1 }]);
    await context.pass(3_000);
    assert.ok(await isThere(container, 'a'));
  },
};

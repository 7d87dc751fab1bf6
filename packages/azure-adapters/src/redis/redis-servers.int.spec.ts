import { startRedisCluster } from '@diptych/azure-emulators';
import { type Copy, type DocumentChange, marksOf, positionAt } from '@diptych/core';
import type { Cluster } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { notingApp } from '../fixtures/noting-app.js';
import { redisPair } from '../fixtures/redis-pair.js';
import { ownRedis, type RedisGround, redisGround, redisProgram } from '../fixtures/redis-server.js';
import { selfSigned } from '../fixtures/self-signed.js';
import { keySlot } from './key-slot.js';
import type { RedisReadModelHandle } from './read-models/native-handle.js';
import type { RedisConnection } from './redis-options.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function ground(connection: RedisConnection): Promise<RedisGround> {
  const opened = await redisGround(connection);
  closing.push(() => opened.close());
  return opened;
}

async function own(): Promise<RedisGround & { readonly url: string }> {
  const server = await ownRedis();
  closing.push(() => server.stop());
  return { ...(await ground(server.url)), url: server.url };
}

async function pairOf() {
  const pair = await redisPair();
  closing.push(() => pair.close());
  return pair;
}

const definition = {
  model: 'orders',
  version: 1,
  indexes: { byStatus: { by: ['status'], sort: 'total' } },
};
const copy: Copy = { model: 'orders', version: 1, generation: 1 };
const at = (row: number) => ({ position: positionAt(row, 0), entryId: `entry-${row}` });
const id = (name: string, tenant = 'default') => ({ tenant, name });

function order(name: string, total = 1, tenant = 'default'): DocumentChange {
  const body = JSON.stringify({ id: name, status: 'open', total });
  return { id: id(name, tenant), body, marks: marksOf([[0, positionAt(1, 0)]]), expectedRevision: undefined };
}

describe.skipIf(redisProgram === undefined)('read models on servers that change', () => {
  test('what is loaded from another server than before is not built upon before it was looked at', async () => {
    const pair = await pairOf();
    const { database } = await ground(pair.url);
    const store = database.readModels;
    await store.create(definition, copy);
    await store.write(copy, [order('a')]);
    const first = { ...at(1), evidence: await store.evidenceOf!(copy, undefined, at(1)) };
    expect(await store.load(copy, [id('a')], [first])).toMatchObject([{ id: id('a') }]);
    await pair.replicated();
    await pair.failOver();
    const load = () => store.load(copy, [id('a')], [first]).catch((error) => error.code);
    await expect.poll(load).toBe('documents-lost');
    const whole = await store.lastWhole!(copy, first);
    expect(whole).toMatchObject(at(1));
    expect(await store.load(copy, [id('a')], [whole!])).toMatchObject([{ id: id('a') }]);
  });

  test('a batch that was written while a server changed gets no evidence', async () => {
    const pair = await pairOf();
    const { database } = await ground(pair.url);
    const store = database.readModels;
    await store.create(definition, copy);
    const first = { ...at(1), evidence: await store.evidenceOf!(copy, undefined, at(1)) };
    await pair.replicated();
    pair.holdBack();
    await store.write(copy, [order('lost')]);
    await pair.failOver();
    // The server that took over has all that the first checkpoint says, and not what was written after it.
    const evidence = () => store.evidenceOf!(copy, first, at(2)).catch((error) => error.code);
    await expect.poll(evidence).toBe('documents-lost');
    expect(await store.lastWhole!(copy, first)).toMatchObject(at(1));
    expect(await store.load(copy, [id('lost')], [first])).toEqual([undefined]);
  });

  test('a document that a batch finds as it is to be is put back where it is found by', async () => {
    const { database, prefix } = await own();
    const store = database.readModels;
    await store.create(definition, copy);
    await store.write(copy, [order('a'), order('b')]);
    const model = store.open<{ id: string }>(definition, copy, 'default');
    const found = async () => [
      (await model.all()).documents.map((document) => document.id),
      (await model.find('byStatus', { status: 'open' })).documents.map((document) => document.id),
    ];
    // As a server would be that took over without them.
    for (const key of await database.client.keys(`${prefix}:*:s:*`)) await database.client.del(key);
    expect(await found()).toEqual([[], []]);
    const loaded = await store.load(copy, [id('a'), id('b')]);
    await store.confirm!(
      copy,
      loaded.filter((document) => document !== undefined),
    );
    expect(await found()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test('a copy that is dropped leaves nothing behind, of any tenant, nor what a late writer left', async () => {
    const { database, prefix, again, advanceTime } = await own();
    const store = database.readModels;
    await store.create(definition, copy);
    const tenants = ['default', 'two/three', '{four}', ''];
    await store.write(
      copy,
      tenants.flatMap((tenant) => [order('a', 1, tenant), order('ä {b} \ud800', 2, tenant)]),
    );
    const [stored] = await store.load(copy, [id('a')]);
    await store.write(copy, [{ ...order('a'), body: null, expectedRevision: stored!.revision }]);
    const late = (await again()).readModels;
    await late.load(copy, [id('a')]);
    await store.drop(copy);
    const keys = () => database.client.keys(`${prefix}:*`);
    expect(await keys()).toEqual([expect.stringContaining('dropped')]);
    await expect(late.write(copy, [order('late')])).rejects.toMatchObject({ code: 'documents-lost' });
    expect(await keys()).not.toHaveLength(1);
    const other = { ...copy, generation: 2 };
    await store.create(definition, other);
    await advanceTime(700_000);
    await store.drop(other);
    expect(await keys()).toEqual([expect.stringContaining('dropped')]);
    await store.create(definition, other);
    await advanceTime(700_000);
    await store.drop(other);
    await advanceTime(700_000);
    await store.create(definition, copy);
    await store.drop(copy);
    expect((await database.client.hkeys((await keys())[0]!)).length).toBe(1);
  });

  test('a query handler has the client, and the keys of its own tenant and copy', async () => {
    const { database } = await own();
    const store = database.readModels;
    await store.create(definition, copy);
    await store.write(copy, [order('a', 3), order('b', 1), order('a', 7, 'other')]);
    const handle = store.open(definition, copy, 'default').native() as RedisReadModelHandle;
    const keys = await handle.keys();
    const { key, min, max } = keys.index('byStatus', { status: 'open' });
    expect(await handle.client.zlexcount(key, min, max)).toBe(2);
    const all = keys.all();
    expect(await handle.client.zlexcount(all.key, all.min, all.max)).toBe(2);
    expect(await handle.client.get(keys.document('a'))).toMatch(/\n\{"id":"a","status":"open","total":3\}$/);
    expect(() => keys.index('byColour', {})).toThrow(expect.objectContaining({ code: 'index-unknown' }));
  });

  test('promise 3: a node of a cluster dies, a replica takes over, and the read model goes on', async () => {
    const cluster = await startRedisCluster(redisProgram!, { replicas: 1 });
    closing.push(() => cluster.stop());
    const opened = await ground({ url: cluster.nodes[0]!.url, cluster: true });
    const { app, note, caughtUp } = await notingApp(opened);
    closing.push(() => app.stop());
    const write = async (status: string) => {
      for (const stream of ['a', 'b', 'c', 'd', 'e', 'f'])
        await note(stream, { documents: [stream, `${stream}2`, 'all'], status, amount: 1 });
    };
    await write('open');
    await caughtUp();
    await cluster.nodes[1]!.stop();
    await write('paid');
    await caughtUp();
  }, 60_000);

  test('slots are those of the servers', async () => {
    const { database } = await own();
    const cluster = await startRedisCluster(redisProgram!);
    closing.push(() => cluster.stop());
    const { database: clustered } = await ground({ url: cluster.nodes[0]!.url, cluster: true });
    const node = (clustered.client as Cluster).nodes('master')[0]!;
    for (const key of ['', 'a', 'ä😀', '{', '{}', '{}{a}', 'x{y}z', 'x{y}{z}', '}{', 'a{b', 'a}b{c}'])
      expect(await node.cluster('KEYSLOT', key)).toBe(keySlot(key));
    expect(database.unchecked).toEqual([]);
  });

  test('TLS is spoken where the URL says so, and a certificate that nobody vouches for is refused', async (context) => {
    const signed = await selfSigned();
    if (signed === undefined) return context.skip('no openssl');
    closing.push(() => signed.remove());
    const { certificate, key, text } = signed;
    const server = await ownRedis({ tls: { certificate, key, authority: certificate } });
    closing.push(() => server.stop());
    const { database } = await ground({ url: server.url, tls: { ca: text } });
    expect(await database.client.ping()).toBe('PONG');
    await ground({ url: `rediss://localhost:${server.port}`, tls: { ca: text } });
    await expect(ground(server.url)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

import { type Copy, marksOf, positionAt, type ReadModelDefinition, type ReadModelStore } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';
import { evidenceText, readEvidence } from './evidence.js';

const definition: ReadModelDefinition = {
  model: 'orders',
  version: 1,
  indexes: { byStatus: { by: ['status'] } },
};
const copy: Copy = { model: 'orders', version: 1, generation: 1 };
const id = (name: string) => ({ tenant: 'default', name });
const checkpoint = (row: number, evidence?: string) => ({
  position: positionAt(row, 0),
  entryId: `e${row}`,
  evidence,
});

interface Order {
  readonly status: string;
}

async function put(store: ReadModelStore, name: string, status: string): Promise<void> {
  const [before] = await store.load(copy, [id(name)]);
  const body = JSON.stringify({ status });
  const change = {
    id: id(name),
    body,
    marks: marksOf([[0, positionAt(1, 0)]]),
    expectedRevision: before?.revision,
  };
  expect(await store.write(copy, [change])).not.toContain('conflict');
}

/** An order that is open for everybody, and done for those who have the token of that. */
async function lagging() {
  const ground = await cosmosReadModelsGround();
  const [writer, reader] = [await ground.store(), await ground.store()];
  await writer.create(definition, copy);
  await put(writer, 'a', 'open');
  // It knows the copy: looking for that tells it how far one range of keys is, and here there is only one.
  await reader.open<Order>(definition, copy, 'default').get('a');
  ground.cosmos.lagBy(60_000);
  await put(writer, 'a', 'done');
  const evidence = await writer.evidenceOf(copy, undefined);
  const atLeast = { subscription: 'orders/v1', ranges: [], evidence: [evidence] };
  const under = (store: ReadModelStore) => store.open<Order>(definition, copy, 'default', atLeast);
  return { ...ground, writer, reader, evidence, under };
}

type Lagging = Awaited<ReturnType<typeof lagging>>;

async function withLag(body: (ground: Lagging) => Promise<void>): Promise<void> {
  const ground = await lagging();
  try {
    await body(ground);
  } finally {
    await ground.close();
  }
}

const lost = { code: 'documents-lost', retryable: true };

describe('read models on a Cosmos DB whose replicas lag', () => {
  test('promise 5: a reader in another process sees what the checkpoint says, where a replica would not tell', () =>
    withLag(async ({ reader, under }) => {
      const plain = reader.open<Order>(definition, copy, 'default');
      expect(await plain.get('a')).toEqual({ status: 'open' });
      expect(await under(reader).get('a')).toEqual({ status: 'done' });
    }));

  for (const [way, ask] of [
    ['get', (model: ReturnType<Lagging['under']>) => model.get('a')],
    ['getMany', async (model: ReturnType<Lagging['under']>) => (await model.getMany(['a']))[0]],
    [
      'find',
      async (model: ReturnType<Lagging['under']>) =>
        (await model.find('byStatus', { status: 'done' })).documents[0],
    ],
    ['all', async (model: ReturnType<Lagging['under']>) => (await model.all()).documents[0]],
  ] as const) {
    test(`promise 5: ${way} sees it as the first thing that the process asks`, () =>
      withLag(async ({ reader, under }) => {
        expect(await ask(under(reader))).toEqual({ status: 'done' });
      }));
  }

  test('promise 5: evidence goes on: what is written behind a checkpoint has that of the one before it', () =>
    withLag(async ({ store, evidence, under, reader }) => {
      // Another process takes the partition over, and writes nothing itself.
      const next = await store();
      const later = await next.evidenceOf(copy, checkpoint(1, evidence));
      const atLeast = { subscription: 'orders/v1', ranges: [], evidence: [later] };
      expect(await reader.open<Order>(definition, copy, 'default', atLeast).get('a')).toEqual({
        status: 'done',
      });
      expect(await under(reader).get('a')).toEqual({ status: 'done' });
    }));

  test('a process that has seen something does not see it older later', () =>
    withLag(async ({ reader, under }) => {
      await under(reader).get('a');
      expect(await reader.open<Order>(definition, copy, 'default').get('a')).toEqual({ status: 'done' });
    }));

  test('what is built upon is not older than what anybody wrote', () =>
    withLag(async ({ reader }) => {
      const [loaded] = await reader.load(copy, [id('a')]);
      expect(loaded!.body).toBe('{"status":"done"}');
    }));

  test('which copies there are is the same in every process at once', () =>
    withLag(async ({ writer, reader }) => {
      await writer.switch(undefined, copy);
      expect(await reader.list('orders')).toMatchObject([{ state: 'serving' }]);
    }));

  test('a point read costs one request, with evidence as without', () =>
    withLag(async ({ reader, under, operations }) => {
      const plain = reader.open<Order>(definition, copy, 'default');
      await plain.get('a');
      const countOf = async (work: () => Promise<unknown>) => {
        const before = operations();
        await work();
        const after = operations();
        const kinds = Object.keys(after) as (keyof typeof after)[];
        const counts = kinds.map((kind) => [kind, (after[kind] ?? 0) - (before[kind] ?? 0)] as const);
        return Object.fromEntries(counts.filter(([, count]) => count > 0));
      };
      expect(await countOf(() => plain.get('a'))).toEqual({ read: 1 });
      expect(await countOf(() => under(reader).get('a'))).toEqual({ read: 1 });
      expect(await countOf(() => under(reader).get('a'))).toEqual({ read: 1 });
    }));
});

describe('documents that may be lost', () => {
  /** As whoever has written in another region would have it, or before a container was restored. */
  const ahead = (evidence: string) => evidence.replace(/#\d+/, '#999999');
  const elsewhere = (evidence: string) =>
    evidenceText({ ...readEvidence(evidence)!, region: 'https://elsewhere/' });

  test('a checkpoint is whole while the region that wrote is the same, and nothing is asked for that', () =>
    withLag(async ({ writer, evidence, operations }) => {
      const before = operations();
      const whole = checkpoint(1, evidence);
      expect(await writer.lastWhole(copy, whole)).toBe(whole);
      expect(operations()).toEqual(before);
    }));

  test('another process finds a checkpoint whole by asking once', () =>
    withLag(async ({ reader, evidence, operations }) => {
      const whole = checkpoint(1, evidence);
      expect(await reader.lastWhole(copy, whole)).toBe(whole);
      const before = operations();
      expect(await reader.lastWhole(copy, whole)).toBe(whole);
      expect(operations()).toEqual(before);
    }));

  test('when another region writes, nothing is built upon before it is known what it has', () =>
    withLag(async ({ writer, evidence }) => {
      const before = checkpoint(1, elsewhere(evidence));
      await expect(writer.load(copy, [id('a')], [before])).rejects.toMatchObject(lost);
      await expect(writer.evidenceOf(copy, before)).rejects.toMatchObject(lost);
      const whole = await writer.lastWhole(copy, before);
      expect(whole).toMatchObject({ position: before.position, entryId: before.entryId });
      expect(await writer.load(copy, [id('a')], [whole!])).toHaveLength(1);
      expect(await writer.evidenceOf(copy, whole)).toEqual(expect.any(String));
    }));

  test('when the region that took over lacks something, the projection begins anew', () =>
    withLag(async ({ reader, evidence }) => {
      const before = checkpoint(1, ahead(elsewhere(evidence)));
      expect(await reader.lastWhole(copy, before)).toBeUndefined();
    }));

  test('nobody is told an older answer than it asked for', () =>
    withLag(async ({ reader, evidence }) => {
      const atLeast = { subscription: 'orders/v1', ranges: [], evidence: [ahead(evidence)] };
      const model = reader.open<Order>(definition, copy, 'default', atLeast);
      await expect(model.get('a')).rejects.toMatchObject(lost);
      await expect(model.getMany(['a'])).rejects.toMatchObject(lost);
      await expect(model.find('byStatus', { status: 'done' })).rejects.toMatchObject(lost);
    }));

  test('nothing counts of a copy that was made anew', () =>
    withLag(async ({ writer, reader, evidence, under, advanceTime }) => {
      expect(await under(reader).get('a')).toBeDefined();
      await writer.drop(copy);
      await writer.create(definition, copy);
      await advanceTime(1_000);
      await expect(under(reader).get('a')).rejects.toMatchObject(lost);
      const before = checkpoint(1, evidence);
      expect(await reader.lastWhole(copy, before)).toBeUndefined();
      await expect(reader.load(copy, [id('a')], [before])).rejects.toMatchObject(lost);
    }));

  test('a container that was lost is noticed at once by whoever finds nothing in it', () =>
    withLag(async ({ reader, open, under }) => {
      expect(await under(reader).get('a')).toBeDefined();
      const { native } = await open();
      await native.container('read-models').delete();
      await native.containers.create({
        id: 'read-models',
        partitionKey: { paths: ['/copy', '/tenant', '/place'], kind: 'MultiHash' as never, version: 2 },
      });
      const model = reader.open<Order>(definition, copy, 'default');
      await expect(model.get('a')).rejects.toMatchObject(lost);
      await expect(model.all()).rejects.toMatchObject(lost);
    }));

  test('evidence that another store gave says nothing', () =>
    withLag(async ({ writer, reader }) => {
      for (const evidence of ['["other",[]]', 'x', '{"server":1}']) {
        const before = checkpoint(1, evidence);
        expect(await writer.lastWhole(copy, before)).toBe(before);
        const atLeast = { subscription: 'orders/v1', ranges: [], evidence: [evidence] };
        expect(await reader.open<Order>(definition, copy, 'default', atLeast).get('a')).toBeDefined();
      }
    }));
});

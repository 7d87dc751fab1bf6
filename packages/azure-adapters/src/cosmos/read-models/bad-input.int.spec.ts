import { type Copy, type DocumentChange, marksOf, positionAt, type ReadModelDefinition } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';
import type { CosmosReadModelStore } from './cosmos-read-model-store.js';
import { cosmosReadModels } from './open-read-models.js';

const definition: ReadModelDefinition = {
  model: 'orders',
  version: 1,
  indexes: { byTag: { by: ['tags'], sort: 'note' } },
};
const copy: Copy = { model: 'orders', version: 1, generation: 1 };
const id = (name: string) => ({ tenant: 'default', name });

function change(name: string, document: object, expectedRevision?: string): DocumentChange {
  return {
    id: id(name),
    body: JSON.stringify(document),
    marks: marksOf([[0, positionAt(1, 0)]]),
    expectedRevision,
  };
}

async function withGround(
  body: (
    ground: Awaited<ReturnType<typeof cosmosReadModelsGround>> & { readonly one: CosmosReadModelStore },
  ) => Promise<void>,
): Promise<void> {
  const ground = await cosmosReadModelsGround();
  try {
    const one = await ground.store();
    await one.create(definition, copy);
    await body({ ...ground, one });
  } finally {
    await ground.close();
  }
}

describe('documents that Cosmos DB does not take', () => {
  test('the largest that may be is kept, in any letters, and a little more is refused before anything is written', () =>
    withGround(async ({ one }) => {
      const { maxDocumentBytes = 0 } = one.capabilities;
      const letters = { x: 1, ä: 2, 漢: 3, '\u2028': 6 };
      for (const [letter, bytes] of Object.entries(letters)) {
        const text = letter.repeat(Math.floor((maxDocumentBytes - 20) / bytes));
        const name = `large ${letter.codePointAt(0)}`;
        expect(await one.write(copy, [change(name, { text })])).not.toContain('conflict');
        expect(await one.open<{ text: string }>(definition, copy, 'default').get(name)).toEqual({ text });
      }
      const [small, large] = [change('small', {}), change('huge', { text: 'x'.repeat(maxDocumentBytes) })];
      const refused = { code: 'document-too-large', details: { id: id('huge'), maxBytes: maxDocumentBytes } };
      await expect(one.write(copy, [small, large])).rejects.toMatchObject(refused);
      expect(await one.load(copy, [id('small')])).toEqual([undefined]);
    }));

  test('what it is found by counts as well', () =>
    withGround(async ({ one }) => {
      const note = 'x'.repeat(1_500_000);
      const refused = { code: 'document-too-large', details: { id: id('b') } };
      const batch = [change('a', {}), change('b', { tags: ['x'], note })];
      await expect(one.write(copy, batch)).rejects.toMatchObject(refused);
      expect(await one.load(copy, [id('a')])).toEqual([undefined]);
      const many = Array.from({ length: 100_000 }, (_, at) => `tag ${at}`);
      await expect(one.write(copy, [change('b', { tags: many })])).rejects.toMatchObject(refused);
    }));

  test('one that is nested too deep is refused by the event that makes it so, and the deepest is kept', () =>
    withGround(async ({ one }) => {
      const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
      const refusalOf = (levels: number) => one.refusalOf(copy, id('a'), JSON.stringify(nested(levels)));
      expect(refusalOf(126)).toBeUndefined();
      expect(await one.write(copy, [change('a', nested(126))])).not.toContain('conflict');
      expect(refusalOf(127)).toMatchObject({ code: 'document-refused' });
      const flat = JSON.stringify(Array.from({ length: 200 }, () => ({})));
      expect(one.refusalOf(copy, id('a'), flat)).toBeUndefined();
    }));
});

describe('texts that try to be more', () => {
  const attempts = [`' OR 1=1 --`, `"] OR true OR c["x`, '@key', `x") OR (true`, '\\', 'default" OR "'];

  test('values, ids and tenants are only ever compared', () =>
    withGround(async ({ one }) => {
      await one.write(copy, [change('secret', { tags: ['secret'] })]);
      const model = one.open(definition, copy, 'default');
      for (const attempt of attempts) {
        expect((await model.find('byTag', { tags: attempt })).documents).toEqual([]);
        expect(await model.get(attempt)).toBeUndefined();
        const elsewhere = one.open(definition, copy, attempt);
        expect((await elsewhere.all()).documents).toEqual([]);
        expect((await elsewhere.find('byTag', { tags: 'secret' })).documents).toEqual([]);
      }
    }));

  test('the end of a page is one, or refused', () =>
    withGround(async ({ one }) => {
      await one.write(copy, [change('a', { tags: ['x'] })]);
      const model = one.open(definition, copy, 'default');
      for (const attempt of attempts) {
        await expect(model.all({ after: attempt })).rejects.toMatchObject({ code: 'page-after' });
        const made = encodeURIComponent(JSON.stringify([null, attempt]));
        expect((await model.find('byTag', { tags: 'x' }, { after: made })).documents.length).toBeLessThan(2);
      }
    }));
});

describe('a Cosmos DB that throttles', () => {
  const throttled = { code: 'throttled', retryable: true };

  test('for a minute: what is asked fails with how long to wait, nothing is half done, and then it goes on', () =>
    withGround(async ({ one, cosmos, passing, advanceTime, operations }) => {
      await one.write(copy, [change('a', { tags: ['x'] })]);
      cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 5_000 });
      const model = one.open(definition, copy, 'default');
      await expect(passing(one.write(copy, [change('b', {})]))).rejects.toMatchObject({
        ...throttled,
        details: { retryAfterInMs: 5_000 },
      });
      cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 5_000 });
      await expect(passing(model.get('a'))).rejects.toMatchObject(throttled);
      cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 5_000 });
      await expect(passing(one.load(copy, [id('a')]))).rejects.toMatchObject(throttled);
      cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 5_000 });
      await expect(passing(model.find('byTag', { tags: 'x' }))).rejects.toMatchObject(throttled);
      await advanceTime(60_000);
      expect(await one.load(copy, [id('b')])).toEqual([undefined]);
      expect(await one.write(copy, [change('b', {})])).not.toContain('conflict');
      expect((await model.find('byTag', { tags: 'x' })).documents).toHaveLength(1);
      expect(operations().throttled).toBeGreaterThan(0);
    }));

  test('for a moment: it is waited for', () =>
    withGround(async ({ one, cosmos, clock, passing }) => {
      cosmos.throttle({ durationInMs: 2_000, retryAfterInMs: 500 });
      const before = clock.now();
      const changes = Array.from({ length: 250 }, (_, at) => change(`a${at}`, {}));
      const outcomes = await passing(one.write(copy, changes));
      expect(outcomes).not.toContain('conflict');
      expect(clock.now() - before).toBeGreaterThanOrEqual(2_000);
    }));
});

describe('a logical partition that is asked too much', () => {
  test('holds up its own documents, and the others are written', async () => {
    const throughput = { perLogicalPartition: 400 };
    const ground = await cosmosReadModelsGround({ partitionBy: () => ({ idBefore: '/' }) }, 1, {
      throughput,
    });
    const one = await ground.store();
    await one.create(definition, copy);
    const hot = Array.from({ length: 300 }, (_, at) => change(`hot/${at}`, {}));
    const cool = Array.from({ length: 20 }, (_, at) => change(`cool-${at}/1`, {}));
    const before = ground.clock.now();
    const outcomes = await ground.passing(one.write(copy, [...hot, ...cool]));
    expect(outcomes).not.toContain('conflict');
    // 300 documents of some 5 units each, at 400 units a second.
    expect(ground.clock.now() - before).toBeGreaterThan(2_000);
    await ground.close();
  });
});

describe('opening read models in Cosmos DB', () => {
  test('makes the container as it must be, once', () =>
    withGround(async ({ open }) => {
      const database = await open();
      for (let times = 0; times < 2; times++) {
        const store = await cosmosReadModels({
          database,
          container: 'made',
          partitionBy: { orders: 'tenant' },
        });
        await store.create(definition, copy);
      }
      const { resource } = await database.native.container('made').read();
      expect(resource!.partitionKey!.paths).toEqual(['/copy', '/tenant', '/place']);
    }));

  test('only looks when it is told to, and names what does not fit', () =>
    withGround(async ({ open }) => {
      const database = await open();
      const refusal = (what: string) => ({
        code: 'read-models-container',
        message: expect.stringContaining(what),
      });
      const validate = (container: string) =>
        cosmosReadModels({ database, container, provision: 'validate' as const });
      await expect(validate('missing')).rejects.toMatchObject(refusal('is not there'));
      await database.native.containers.create({ id: 'other', partitionKey: { paths: ['/id'] } });
      await expect(validate('other')).rejects.toMatchObject(refusal('/id'));
      await expect(cosmosReadModels({ database, container: 'other' })).rejects.toMatchObject(refusal('/id'));
      const partitionKey = { paths: ['/copy', '/tenant', '/place'], kind: 'MultiHash' as never, version: 2 };
      await database.native.containers.create({ id: 'short-lived', partitionKey, defaultTtl: 60 });
      await expect(validate('short-lived')).rejects.toMatchObject(refusal('60 s'));
      expect(await validate('read-models')).toBeDefined();
    }));
});

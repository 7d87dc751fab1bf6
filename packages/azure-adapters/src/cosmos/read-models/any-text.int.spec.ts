import { type Copy, marksOf, positionAt, type ReadModelDefinition } from '@diptych/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';
import type { CosmosReadModelStore } from './cosmos-read-model-store.js';
import type { PartitionBy } from './placement.js';

const runs = { numRuns: process.env.DIPTYCH_LONG === '1' ? 1_000 : 25 };

/** What ids of items may not have, what addresses would change, halves of surrogate pairs, and what is very long. */
const units = fc.oneof(
  fc.constantFrom('/', '\\', '#', '?', ' ', '%', '%2F', '..', '.', '=', '"', "'", '\0', '\u2028', 'ä', '😀'),
  fc.constantFrom('\ud800', '\udc00', '\uf8ff', '\uffff', 'x'.repeat(300), 'A', 'a', '__proto__'),
  fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme' }),
);
const texts = fc.array(units, { maxLength: 4 }).map((parts) => parts.join(''));
const sorts = fc.oneof(texts, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null));

const named = (index: string): ReadModelDefinition => ({
  model: 'things',
  version: 1,
  indexes: { [index]: { by: ['by'], sort: 'sort' }, plain: { by: ['by'] } },
});

describe('read models in Cosmos DB take any text', () => {
  let ground: Awaited<ReturnType<typeof cosmosReadModelsGround>>;
  let generation = 0;
  beforeAll(async () => {
    ground = await cosmosReadModelsGround();
  });
  afterAll(() => ground?.close());

  async function filled(
    store: CosmosReadModelStore,
    definition: ReadModelDefinition,
    tenant: string,
    documents: ReadonlyMap<string, object>,
  ): Promise<Copy> {
    const copy: Copy = { model: 'things', version: 1, generation: ++generation };
    await store.create(definition, copy);
    const changes = [...documents].map(([name, document]) => ({
      id: { tenant, name },
      body: JSON.stringify(document),
      marks: marksOf([[0, positionAt(1, 0)]]),
      expectedRevision: undefined,
    }));
    expect(await store.write(copy, changes)).not.toContain('conflict');
    return copy;
  }

  const placements: readonly PartitionBy[] = ['document', 'tenant', { idBefore: '/' }];

  test('ids, tenants, names of indexes and values: each document is found by its own', async () => {
    const property = fc.asyncProperty(
      fc.uniqueArray(texts, { minLength: 1, maxLength: 5 }),
      texts,
      texts.filter((index) => index !== 'plain'),
      fc.array(fc.record({ by: texts, sort: sorts }), { minLength: 5, maxLength: 5 }),
      fc.constantFrom(...placements),
      async (names, tenant, index, values, partitionBy) => {
        const store = await ground.store({ partitionBy: () => partitionBy });
        const definition = named(index);
        const documents = new Map(names.map((name, at) => [name, { name, ...values[at]! }] as const));
        const copy = await filled(store, definition, tenant, documents);
        const model = store.open<{ name: string }>(definition, copy, tenant);
        for (const [name, { by }] of documents) {
          expect(await model.get(name)).toEqual(JSON.parse(JSON.stringify(documents.get(name))));
          for (const one of [index, 'plain']) {
            const found = (await model.find(one, { by })).documents.map((document) => document.name).sort();
            const expected = names.filter((other) => documents.get(other)!.by === by).sort();
            expect(found).toEqual(expected);
          }
        }
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await model.all({ limit: 2, after });
          seen.push(...page.documents.map((document) => document.name));
          after = page.next;
        } while (after !== undefined);
        expect(seen).toEqual([...names].sort());
        expect(await store.open(definition, copy, `${tenant}x`).get(names[0]!)).toBeUndefined();
      },
    );
    const values = Array.from({ length: 5 }, () => ({ by: 'a', sort: 1 }));
    await fc.assert(property, { ...runs, examples: [[['a'], 'b', '__proto__', values, 'document']] });
  }, 600_000);

  test('bodies: what JSON says comes back, to the letter', async () => {
    const store = await ground.store();
    const property = fc.asyncProperty(fc.dictionary(texts, fc.jsonValue()), async (document) => {
      const copy = await filled(store, named('x'), 'default', new Map([['a', document]]));
      const [stored] = await store.load(copy, [{ tenant: 'default', name: 'a' }]);
      expect(stored!.body).toBe(JSON.stringify(document));
    });
    await fc.assert(property, runs);
    const odd = JSON.parse(
      '{"2":1,"1":2,"__proto__":{"a":1e21,"b":5e-324,"c":-0,"d":[null,"\\ud800"]},"":0}',
    );
    const copy = await filled(store, named('x'), 'default', new Map([['a', odd]]));
    const [stored] = await store.load(copy, [{ tenant: 'default', name: 'a' }]);
    expect(stored!.body).toBe(JSON.stringify(odd));
  }, 600_000);
});

import {
  type Copy,
  defineProjection,
  event,
  isDiptychError,
  ProjectionConsumer,
  ProjectionFolds,
  positionAt,
  type ReadModelStore,
  type RecordedEvent,
  system,
} from '@diptych/core';
import { seededRandom } from '@diptych/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 30;

class Counted extends event('test.Counted', z.object({ amount: z.number(), removes: z.boolean() })) {}

interface CountDocument {
  readonly total: number;
  /** The versions applied, by partition. */
  readonly applied: Readonly<Record<number, readonly number[]>>;
}

// 'all' is fed from every partition, so it must not depend on their order; 'own-n' from partition n only.
const counts = defineProjection<CountDocument>({ name: 'counts', version: 1 }).on(
  Counted,
  (_counted, { partition }) => ['all', `own-${partition}`],
  ({ amount, removes }, document, { partition, version, documentId }) => {
    if (removes && documentId !== 'all') return null;
    const applied = { ...document?.applied };
    applied[partition] = [...(applied[partition] ?? []), version];
    return { total: (document?.total ?? 0) + amount, applied };
  },
);
const folds = new ProjectionFolds(counts, undefined);
const partitions = [0, 1, 2];
const names = ['all', ...partitions.map((partition) => `own-${partition}`)];

function recorded(partition: number, version: number, data: object): RecordedEvent {
  return {
    kind: 'event',
    id: `${partition}-${version}`,
    name: 'test.Counted',
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: 'c',
    causationId: 'c',
    tenant: 'default',
    subject: system,
    source: 'test',
    data: JSON.stringify(data),
    stream: `stream-${partition}`,
    version,
    partition,
    position: positionAt(version * 10 + partition, 0),
  };
}

/** The plain meaning: each event once, each partition in order. */
function plainFold(events: readonly RecordedEvent[]): Record<string, unknown> {
  const bodies = new Map<string, string | null>();
  for (const entry of events) {
    const read = folds.read(entry)!;
    for (const name of read.ids) bodies.set(name, read.apply(name, bodies.get(name) ?? null));
  }
  return Object.fromEntries(names.map((name) => [name, JSON.parse(bodies.get(name) ?? 'null') ?? undefined]));
}

/** An owner of a partition, who goes back when something fails, and sometimes when nothing does. */
async function run(
  events: readonly RecordedEvent[],
  consumer: ProjectionConsumer,
  random: () => number,
): Promise<void> {
  for (let at = 0, tries = 0; at < events.length; tries++) {
    if (tries > 500) throw new Error('This does not come to an end.');
    const batch = events.slice(at, at + 1 + Math.floor(random() * 4));
    const items = batch.flatMap((entry) => consumer.itemsOf(entry));
    const abortSignal = new AbortController().signal;
    const [{ partition }] = batch as [RecordedEvent];
    const context = { subscription: 'counts/v1', partition, epoch: 1, checkpoint: undefined, abortSignal };
    try {
      expect(await consumer.handle(items, context)).toEqual([]);
      if (random() > 0.1) at += batch.length;
      else at = Math.floor(random() * (at + 1));
    } catch (error) {
      if (!isDiptychError(error) || !error.retryable) throw error;
    }
  }
}

describe('processes that write the same documents in Cosmos DB', () => {
  let ground: Awaited<ReturnType<typeof cosmosReadModelsGround>>;
  let stores: readonly ReadModelStore[];
  beforeAll(async () => {
    ground = await cosmosReadModelsGround();
    stores = [await ground.store(), await ground.store()];
    ground.cosmos.lagBy(500);
  });
  afterAll(() => ground?.close());

  test('promise 3: owners that do not know of each other, duplicates and lost requests leave what a plain fold leaves', async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const random = seededRandom(seed);
      const copy: Copy = { model: 'counts', version: 1, generation: seed };
      await stores[0]!.create(counts.definition, copy);
      const written = partitions.map((partition) =>
        Array.from({ length: Math.floor(random() * 7) }, (_, at) =>
          recorded(partition, at + 1, { amount: Math.floor(random() * 9), removes: random() < 0.2 }),
        ),
      );
      ground.faults.add({ on: 'batch', fault: 'duplicate', chance: 0.1 });
      ground.faults.add({ on: 'batch', fault: 'cut-connection', chance: 0.03 });
      ground.faults.add({ on: 'batch', fault: 'cut-connection', afterEffect: true, chance: 0.07 });
      const consumers = stores.map((store) => new ProjectionConsumer({ folds, store, copy }));
      await Promise.all(
        consumers.flatMap((consumer) => written.map((events) => run(events, consumer, random))),
      );
      ground.faults.clear();
      const model = stores[0]!.open<CountDocument>(counts.definition, copy, 'default');
      const read = await model.getMany(names);
      const found = Object.fromEntries(names.map((name, at) => [name, read[at]]));
      expect(found, `seed ${seed}`).toEqual(plainFold(written.flat()));
      await stores[0]!.drop(copy);
    }
  }, 3_600_000);
});

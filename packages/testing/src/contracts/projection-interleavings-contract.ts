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
import { expect } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../doubles/seeded-random.js';
import { contract } from './contract.js';

/** Seeds for one opening of the stores. */
const atOnce = 10;

/** Stores of processes that know nothing of each other, on the same documents. */
export interface InterleavedSubject {
  readonly stores: readonly ReadModelStore[];
  /** From now on requests are lost, late or double, until what it resolves is called. Default: nothing goes wrong. */
  trouble?(): () => void;
  close?(): Promise<void>;
}

export interface InterleavedFactory {
  open(): Promise<InterleavedSubject>;
  readonly seeds: number;
}

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

/**
 * What marks promise where leases do not help: owners of the same partitions who do not know of each other, each of
 * whom goes back now and then. It needs no journal and no time, so that a thousand seeds are seconds.
 */
export function projectionInterleavingsContract(adapter: string, factory: InterleavedFactory): void {
  contract('projections, interleaved', adapter, factory, ({ test }) => {
    for (let first = 1; first <= factory.seeds; first += atOnce) {
      const last = Math.min(first + atOnce - 1, factory.seeds);
      test(`plainFold: promise 3: owners that do not know of each other, duplicates and lost requests leave what a plain fold leaves, seeds ${first} to ${last}`, async (subject) => {
        for (let seed = first; seed <= last; seed++) await interleave(subject, seed);
      });
    }
  });
}

async function interleave({ stores, trouble }: InterleavedSubject, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const copy: Copy = { model: 'counts', version: 1, generation: seed };
  const [first] = stores as readonly [ReadModelStore];
  await first.create(counts.definition, copy);
  const written = partitions.map((partition) =>
    Array.from({ length: Math.floor(random() * 7) }, (_, at) =>
      recorded(partition, at + 1, { amount: Math.floor(random() * 9), removes: random() < 0.2 }),
    ),
  );
  const endTrouble = trouble?.();
  const consumers = stores.map((store) => new ProjectionConsumer({ folds, store, copy }));
  await Promise.all(consumers.flatMap((consumer) => written.map((events) => run(events, consumer, random))));
  endTrouble?.();
  const read = await first.open<CountDocument>(counts.definition, copy, 'default').getMany(names);
  const found = Object.fromEntries(names.map((name, at) => [name, read[at]]));
  expect(found, `seed ${seed}`).toEqual(plainFold(written.flat()));
  await first.drop(copy);
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
      at = random() > 0.1 ? at + batch.length : Math.floor(random() * (at + 1));
    } catch (error) {
      if (!isDiptychError(error) || !error.retryable) throw error;
    }
  }
}

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

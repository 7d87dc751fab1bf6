import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { RecordedEvent } from '../journal/journal-entry.js';
import { MemoryReadModelStore } from '../memory/memory-read-model-store.js';
import { event } from '../messages/event.js';
import { system } from '../messages/subject.js';
import { positionAt } from '../partitions/position.js';
import { marksOf } from '../read-models/marks.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { ConsumeContext } from '../subscriptions/consumer.js';
import { defineProjection } from './define-projection.js';
import { ProjectionConsumer } from './projection-consumer.js';
import { ProjectionFolds } from './projection-folds.js';

class Counted extends event('test.Counted', z.object({ amount: z.number(), removes: z.boolean() })) {}

interface CountDocument {
  readonly total: number;
  /** The versions applied, by partition. */
  readonly applied: Readonly<Record<number, readonly number[]>>;
}

// 'all' is fed from every partition, so it must not depend on their order; 'own-n' from partition n only.
const ownOf = (partition: number) => `own-${partition}`;
const counts = defineProjection<CountDocument>({ name: 'counts', version: 1 }).on(
  Counted,
  (_counted, { partition }) => ['all', ownOf(partition)],
  ({ amount, removes }, document, { partition, version, documentId }) => {
    if (removes && documentId !== 'all') return null;
    const applied = { ...document?.applied };
    applied[partition] = [...(applied[partition] ?? []), version];
    return { total: (document?.total ?? 0) + amount, applied };
  },
);
const copy: Copy = { model: 'counts', version: 1, generation: 1 };

function recorded(
  partition: number,
  version: number,
  data: object,
  facts: Partial<RecordedEvent> = {},
): RecordedEvent {
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
    ...facts,
  };
}

function contextOf(partition: number): ConsumeContext {
  return {
    subscription: 'counts/v1',
    partition,
    epoch: 1,
    checkpoint: undefined,
    abortSignal: new AbortController().signal,
  };
}

function consumerOf(store: ReadModelStore): ProjectionConsumer {
  return new ProjectionConsumer({ folds: new ProjectionFolds(counts, undefined), store, copy });
}

async function documentsIn(store: ReadModelStore): Promise<Record<string, CountDocument | undefined>> {
  const model = store.open<CountDocument>(counts.definition, copy, 'default');
  const names = ['all', ...[0, 1, 2].map(ownOf)];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await model.get(name)])));
}

/** The plain meaning: each event once, each partition in order. */
async function plainFold(partitions: readonly (readonly RecordedEvent[])[]) {
  const folds = new ProjectionFolds(counts, undefined);
  const bodies = new Map<string, string | null>();
  for (const entry of partitions.flat()) {
    const event = folds.read(entry)!;
    for (const name of event.ids) bodies.set(name, event.apply(name, bodies.get(name) ?? null));
  }
  const names = ['all', ...[0, 1, 2].map(ownOf)];
  return Object.fromEntries(
    names.map((name) => {
      const body = bodies.get(name) ?? null;
      return [name, body === null ? undefined : JSON.parse(body)];
    }),
  );
}

/** The store as a process sees it that dies now and then, before or after what it asked for was done. */
function dying(
  store: ReadModelStore,
  schedule: fc.Scheduler,
  chance: () => number,
  documentsAtOnce: number | undefined,
): ReadModelStore {
  const around = async <T>(label: string, call: () => Promise<T>): Promise<T> => {
    await schedule.schedule(Promise.resolve(), label);
    const fate = chance();
    if (fate === 0) throw new UnavailableError('died before');
    const answer = await call();
    if (fate === 1) throw new UnavailableError('died after');
    return answer;
  };
  return Object.assign(Object.create(store) as ReadModelStore, {
    capabilities: { ...store.capabilities, documentsAtOnce },
    load: (...input: Parameters<ReadModelStore['load']>) => around('load', () => store.load(...input)),
    write: (...input: Parameters<ReadModelStore['write']>) => around('write', () => store.write(...input)),
  });
}

interface Owner {
  readonly events: readonly RecordedEvent[];
  readonly consumer: ProjectionConsumer;
  readonly chance: () => number;
}

/** One owner of one partition: goes back to its checkpoint when it dies, and sometimes when it does not. */
async function runPartition({ events, consumer, chance }: Owner): Promise<void> {
  let checkpoint = 0;
  for (let tries = 0; checkpoint < events.length && tries < 200; tries++) {
    const batch = events.slice(checkpoint, checkpoint + 1 + (chance() % 4));
    try {
      const items = batch.flatMap((entry) => consumer.itemsOf(entry));
      const failures = await consumer.handle(items, contextOf(batch[0]!.partition));
      expect(failures).toEqual([]);
      if (chance() > 1) checkpoint += batch.length;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }
  expect(checkpoint).toBe(events.length);
}

describe('the consumer of a projection', () => {
  test('promise 3: duplicates, any order between partitions, deaths at any call and zombies leave what a plain fold leaves', async () => {
    const data = fc.record({ amount: fc.integer({ min: -5, max: 5 }), removes: fc.boolean() });
    const partitions = fc.tuple(...[0, 1, 2].map(() => fc.array(data, { maxLength: 8 })));
    await fc.assert(
      fc.asyncProperty(
        partitions,
        fc.scheduler(),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
        async (written, schedule, chances, documentsAtOnce) => {
          const chance = () => chances.next().value as number;
          const events = written.map((list, partition) =>
            list.map((one, index) => recorded(partition, index + 1, one)),
          );
          const store = new MemoryReadModelStore();
          await store.create(counts.definition, copy);
          // Two processes run each partition: the zombie does not know that another one has taken over.
          const processes = [0, 1].map(() => consumerOf(dying(store, schedule, chance, documentsAtOnce)));
          const running = processes.flatMap((consumer) =>
            events.map((list) => runPartition({ events: list, consumer, chance })),
          );
          await schedule.waitFor(Promise.all(running));
          expect(await documentsIn(store)).toEqual(await plainFold(events));
        },
      ),
      { numRuns: process.env.DIPTYCH_LONG === '1' ? 3_000 : 150 },
    );
  });

  test('promise 3: what another process wrote since is loaded, and from then on each time', async () => {
    const store: ReadModelStore = new MemoryReadModelStore();
    await store.create(counts.definition, copy);
    const calls: string[] = [];
    const watched = Object.assign(Object.create(store) as ReadModelStore, {
      load: (...input: Parameters<ReadModelStore['load']>) => {
        calls.push(`load ${input[1].map(({ name }) => name)}`);
        return store.load(...input);
      },
      write: (...input: Parameters<ReadModelStore['write']>) => {
        calls.push(`write ${input[1].map(({ id }) => id.name)}`);
        return store.write(...input);
      },
    });
    const [mine, other] = [consumerOf(watched), consumerOf(store)];
    const written = [0, 1].map((partition) =>
      [1, 2, 3, 4].map((version) => recorded(partition, version, { amount: 1, removes: false })),
    );
    const feed = async (consumer: ProjectionConsumer, entry: RecordedEvent) => {
      const failures = await consumer.handle(consumer.itemsOf(entry), contextOf(entry.partition));
      expect(failures).toEqual([]);
    };
    for (const version of [0, 1, 2, 3]) {
      await feed(mine, written[0]![version]!);
      await feed(other, written[1]![version]!);
    }
    expect(calls).toEqual([
      ...['load all,own-0', 'write all,own-0'],
      ...['write all,own-0', 'load all', 'write all'],
      ...['load all', 'write all,own-0'],
      ...['load all', 'write all,own-0'],
    ]);
    expect(await documentsIn(store)).toEqual(await plainFold(written));
  });

  test('promise 3: a batch that comes again is compared with what is there, and not with what was written', async () => {
    const store = new MemoryReadModelStore();
    await store.create(counts.definition, copy);
    const consumer = consumerOf(store);
    const [first, second] = [1, 2].map((version) => recorded(0, version, { amount: 1, removes: false }));
    const feed = (...entries: readonly RecordedEvent[]) =>
      consumer.handle(
        entries.flatMap((entry) => consumer.itemsOf(entry)),
        contextOf(0),
      );
    await feed(first!, second!);
    // The store goes back to before the second one.
    const ids = ['all', ownOf(0)].map((name) => ({ tenant: 'default', name }));
    const stored = await store.load(copy, ids);
    const events = new ProjectionFolds(counts, undefined).read(first!)!;
    await store.write(
      copy,
      stored.map((document) => ({
        id: document!.id,
        body: events.apply(document!.id.name, null),
        marks: marksOf([[0, first!.position]]),
        expectedRevision: document!.revision,
      })),
    );
    await feed(first!, second!);
    expect(await documentsIn(store)).toEqual(await plainFold([[first!, second!]]));
  });

  test('hands over nothing of an event of another kind or name', () => {
    const consumer = consumerOf(new MemoryReadModelStore());
    const known = recorded(0, 1, { amount: 1, removes: false });
    expect(consumer.itemsOf(known).map(({ key }) => key)).toEqual(['default/all', 'default/own-0']);
    expect(consumer.itemsOf({ ...known, name: 'test.Unknown', data: 'not even JSON' })).toEqual([]);
    expect(consumer.itemsOf({ ...known, kind: 'command', key: 'k' })).toEqual([]);
  });

  test('cannot tell the key of an event that cannot be read', () => {
    const consumer = consumerOf(new MemoryReadModelStore());
    const broken = recorded(0, 1, {}, { data: '{' });
    expect(() => consumer.itemsOf(broken)).toThrow(expect.objectContaining({ code: 'unreadable-message' }));
    expect(() => consumer.itemsOf(recorded(0, 1, { amount: 'x' }))).toThrow(
      expect.objectContaining({ code: 'invalid-message' }),
    );
  });

  test('answers the first failure of each document, keeps what came before it and tries nothing behind it', async () => {
    const fragile = defineProjection<{ readonly seen: readonly number[] }>({ name: 'counts', version: 1 }).on(
      Counted,
      () => ['x', 'y'],
      ({ amount }, document, { documentId }) => {
        if (amount === 2 && documentId === 'x') throw new Error('two is too much');
        return { seen: [...(document?.seen ?? []), amount] };
      },
    );
    const store = new MemoryReadModelStore();
    await store.create(fragile.definition, copy);
    const consumer = new ProjectionConsumer({ folds: new ProjectionFolds(fragile, undefined), store, copy });
    const events = [1, 2, 3].map((amount) => recorded(0, amount, { amount, removes: false }));
    const items = events.flatMap((entry) => consumer.itemsOf(entry));
    const failures = await consumer.handle(items, contextOf(0));
    expect(failures).toMatchObject([
      { item: { key: 'default/x', entry: { version: 2 } }, error: { message: 'two is too much' } },
    ]);
    const model = store.open<{ readonly seen: readonly number[] }>(fragile.definition, copy, 'default');
    expect(await model.getMany(['x', 'y'])).toEqual([{ seen: [1] }, { seen: [1, 2, 3] }]);
  });

  test('takes batches of several partitions together where they come together, and keeps their failures apart', async () => {
    const calls: string[] = [];
    const store = new MemoryReadModelStore();
    const counting = Object.assign(Object.create(store) as ReadModelStore, {
      capabilities: store.capabilities,
      load: (...[of, ids]: Parameters<ReadModelStore['load']>) => {
        calls.push('load');
        return store.load(of, ids);
      },
      write: (...input: Parameters<ReadModelStore['write']>) => {
        calls.push('write');
        return store.write(...input);
      },
    });
    const shared = defineProjection<{ readonly seen: readonly number[] }>({ name: 'counts', version: 1 }).on(
      Counted,
      () => 'all',
      ({ amount }, document, { partition }) => {
        if (amount === 2 && partition === 3) throw new Error('not this one');
        return { seen: [...(document?.seen ?? []), partition * 10 + amount] };
      },
    );
    await store.create(shared.definition, copy);
    const consumer = new ProjectionConsumer({
      folds: new ProjectionFolds(shared, undefined),
      store: counting,
      copy,
    });
    const handled = await Promise.all(
      Array.from({ length: 32 }, (_, partition) => {
        const events = [1, 2, 3].map((amount) => recorded(partition, amount, { amount, removes: false }));
        return consumer.handle(
          events.flatMap((entry) => consumer.itemsOf(entry)),
          contextOf(partition),
        );
      }),
    );
    expect(calls.length).toBeLessThanOrEqual(4);
    expect(handled.map((failures) => failures.length)).toEqual(
      Array.from({ length: 32 }, (_, one) => (one === 3 ? 1 : 0)),
    );
    const document = await store
      .open<{ readonly seen: readonly number[] }>(shared.definition, copy, 'default')
      .get('all');
    expect(document!.seen).toHaveLength(31 * 3 + 1);
    for (const partition of [0, 31]) {
      const own = document!.seen.filter((one) => Math.floor(one / 10) === partition);
      expect(own).toEqual([1, 2, 3].map((amount) => partition * 10 + amount));
    }
  });

  /** Documents `1` to `5`, each with an event; calls of the store end when they are told to. */
  async function inParts() {
    const five = defineProjection<{ readonly done: true }>({ name: 'counts', version: 1 }).on(
      Counted,
      () => ['1', '2', '3', '4', '5'],
      () => ({ done: true }),
    );
    const store = new MemoryReadModelStore();
    await store.create(five.definition, copy);
    const calls: { readonly names: readonly string[]; readonly end: (error?: Error) => void }[] = [];
    const stopping = Object.assign(Object.create(store) as ReadModelStore, {
      capabilities: { ...store.capabilities, documentsAtOnce: 2 },
      load: store.load.bind(store),
      write: async (...[of, changes]: Parameters<ReadModelStore['write']>) => {
        await new Promise<void>((resolve, reject) => {
          const end = (error?: Error) => (error === undefined ? resolve() : reject(error));
          calls.push({ names: changes.map(({ id }) => id.name), end });
        });
        return store.write(of, changes);
      },
    });
    const folds = new ProjectionFolds(five, undefined);
    const consumer = new ProjectionConsumer({ folds, store: stopping, copy });
    const handled = consumer.handle(
      consumer.itemsOf(recorded(0, 1, { amount: 1, removes: false })),
      contextOf(0),
    );
    const called = (count: number) => vi.waitFor(() => expect(calls).toHaveLength(count), { interval: 1 });
    return { handled, calls, called };
  }

  test('brings as many documents at once as the store takes well, one part while another is on its way', async () => {
    const { handled, calls, called } = await inParts();
    await called(2);
    calls[0]!.end();
    await called(3);
    for (const { end } of calls) end();
    expect(await handled).toEqual([]);
    expect(calls.map(({ names }) => names.join())).toEqual(['1,2', '3,4', '5']);
  });

  test('fails with the first part that fails, when none is on its way any more', async () => {
    const { handled, calls, called } = await inParts();
    let ended = false;
    const failure = handled.catch((error: unknown) => error).finally(() => (ended = true));
    await called(2);
    calls[0]!.end(new UnavailableError('gone'));
    calls[1]!.end();
    await called(3);
    expect(ended).toBe(false);
    calls[2]!.end();
    expect(await failure).toMatchObject({ code: 'unavailable' });
  });

  test('answers as a fault of its message what a store refuses as too large in its own measure', async () => {
    const growing = defineProjection<{ readonly text: string }>({ name: 'counts', version: 1 }).on(
      Counted,
      () => ['x', 'y'],
      ({ amount }, document, { documentId }) => ({
        text: `${document?.text ?? ''}${'x'.repeat(documentId === 'x' ? amount : 1)}`,
      }),
    );
    const store = new MemoryReadModelStore({ maxDocumentBytes: 40 });
    const stricter = Object.assign(Object.create(store) as ReadModelStore, {
      capabilities: { maxDocumentBytes: undefined },
      load: store.load.bind(store),
      write: store.write.bind(store),
    });
    await store.create(growing.definition, copy);
    const consumer = new ProjectionConsumer({
      folds: new ProjectionFolds(growing, undefined),
      store: stricter,
      copy,
    });
    const events = [10, 15, 20, 5].map((amount, index) => recorded(0, index + 1, { amount, removes: false }));
    const items = events.flatMap((entry) => consumer.itemsOf(entry));
    const failures = await consumer.handle(items, contextOf(0));
    expect(failures).toMatchObject([
      { item: { key: 'default/x', entry: { version: 3 } }, error: { code: 'document-too-large' } },
    ]);
    const model = store.open<{ readonly text: string }>(growing.definition, copy, 'default');
    expect(await model.getMany(['x', 'y'])).toEqual([{ text: 'x'.repeat(25) }, { text: 'xxxx' }]);
  });
});

import { FakeClock } from '@diptych/testing';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { RefusedError } from '../errors/domain-errors.js';
import { bind } from '../handlers/binding.js';
import { anyone } from '../handlers/policy.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import { Resolver } from '../handlers/resolver.js';
import { Service } from '../handlers/service.js';
import { formatConsistency } from '../journal/consistency-token.js';
import { memoryDatabase } from '../memory/memory-database.js';
import { MemoryQueryCacheStore } from '../memory/memory-query-cache-store.js';
import { query } from '../messages/query.js';
import { positionAt } from '../partitions/position.js';
import { defineProjection } from '../projections/define-projection.js';
import { Freshness } from '../projections/freshness.js';
import { ReadModelScope } from '../projections/read-model-scope.js';
import { readModel } from '../projections/read-model-token.js';
import { ServingCopies } from '../projections/serving-copies.js';
import { noMarks } from '../read-models/marks.js';
import type { ReadModel } from '../read-models/read-model.js';
import { createQueryBus } from './create-query-bus.js';
import { queryBehaviors } from './query-behaviors.js';
import { type QueryRegistration, queryHandler } from './query-handler.js';
import { copiesReadBy, projectionsReadBy, readModelBehavior } from './read-model-behavior.js';

interface Names {
  readonly name: string;
}

class NameOf extends query('spec.NameOf', z.object({ id: z.string() })).returns<string | undefined>() {}
class Other extends query('spec.Other').returns<number>() {}

const names = defineProjection<Names>({ name: 'names', version: 1 });
const others = defineProjection<Names>({ name: 'others', version: 1 });
const copyOf = (generation: number) => ({ model: 'names', version: 1, generation });

/** A query side over one read model, whose copies the test fills and switches itself. */
async function world(handlers: readonly QueryRegistration[]) {
  const clock = new FakeClock();
  const { readModels, subscriptions, reader } = memoryDatabase({ clock, incarnation: 'i' });
  const scope = new ReadModelScope();
  const serving = new ServingCopies({ storeOf: () => readModels, clock });
  const freshness = new Freshness({ subscriptions, reader, clock });
  const projections = [names, others];
  const cache = {
    store: new MemoryQueryCacheStore({ clock }),
    copiesReadBy: (handler: MessageHandlerRegistration) => copiesReadBy(handler, { projections, serving }),
  };
  const bus = createQueryBus({
    handlers,
    resolver: new Resolver({ provide: projections.map((one) => bind(one.token, scope.facade(one))) }),
    behaviors: queryBehaviors({
      clock,
      cache,
      readModels: readModelBehavior({ projections, storeOf: () => readModels, serving, scope, freshness }),
    }),
  });
  const put = async (generation: number, id: string, name: string, tenant = 'default') => {
    await readModels.create(names.definition, copyOf(generation));
    const change = {
      id: { tenant, name: id },
      body: JSON.stringify({ name }),
      marks: noMarks,
      expectedRevision: undefined,
    };
    expect(await readModels.write(copyOf(generation), [change])).not.toContain('conflict');
  };
  return { bus, put, readModels, serving, scope, clock, subscriptions, reader };
}

const nameOf = queryHandler(
  NameOf,
  { inject: [readModel(names)], authorize: anyone },
  async ({ id }, _context, model) => (await model.get(id))?.name,
);

describe('a query that reads a read model', () => {
  test('is answered from the copy that serves, of its own tenant', async () => {
    const { bus, put, readModels } = await world([nameOf]);
    await put(1, 'x', 'one');
    await put(1, 'x', 'of the north', 'north');
    await put(2, 'x', 'being built');
    await readModels.switch(undefined, copyOf(1));
    expect(await bus.execute(new NameOf({ id: 'x' }))).toBe('one');
    expect(await bus.execute(new NameOf({ id: 'x' }), { tenant: 'north' })).toBe('of the north');
    expect(await bus.execute(new NameOf({ id: 'y' }))).toBeUndefined();
  });

  test('promise 7: is refused until the version has caught up', async () => {
    const { bus, put, readModels } = await world([nameOf]);
    await put(1, 'x', 'one');
    await expect(bus.execute(new NameOf({ id: 'x' }))).rejects.toThrow(
      expect.objectContaining({ code: 'read-model-not-ready', retryable: true }),
    );
    await readModels.switch(undefined, copyOf(1));
    expect(await bus.execute(new NameOf({ id: 'x' }))).toBe('one');
  });

  test('promise 7: reads one copy to its end, and the next query the one that serves then', async () => {
    const slow = queryHandler(
      NameOf,
      { inject: [readModel(names)], authorize: anyone },
      async ({ id }, _context, model) => {
        const before = await model.get(id);
        await made.readModels.switch(copyOf(1), copyOf(2));
        await made.clock.advance(2_000);
        return `${before?.name} ${(await model.get(id))?.name}`;
      },
    );
    const made = await world([slow]);
    await made.put(1, 'x', 'old');
    await made.put(2, 'x', 'new');
    await made.readModels.switch(undefined, copyOf(1));
    expect(await made.bus.execute(new NameOf({ id: 'x' }))).toBe('old old');
    expect(await made.bus.execute(new NameOf({ id: 'x' }))).toBe('new new');
  });

  test('promise 5: shows the store the evidence of the checkpoints that it waited for', async () => {
    const { bus, put, readModels, subscriptions, reader } = await world([nameOf]);
    await put(1, 'x', 'one');
    await readModels.switch(undefined, copyOf(1));
    const { owned } = await subscriptions.acquire({
      subscription: 'names/v1',
      partitions: [0, 1],
      owner: 'o',
      leaseInMs: 1_000,
    });
    const checkpoint = { position: positionAt(1, 0), entryId: 'e' };
    await subscriptions.advance(
      owned.map((ownership) => ({
        ownership,
        checkpoint: { ...checkpoint, evidence: `of ${ownership.partition}` },
      })),
    );
    const opened = vi.spyOn(readModels, 'open');
    const { position } = checkpoint;
    vi.spyOn(reader, 'heads').mockResolvedValue(new Map([[0, position]]));
    const ranges = [{ partition: 0, first: position, last: position }];
    const after = formatConsistency({ incarnation: 'i', ranges });
    await bus.execute(new NameOf({ id: 'x' }), { after });
    expect((opened.mock.calls.at(-1) as readonly unknown[])[3]).toMatchObject({ evidence: ['of 0'] });
  });

  test('promise 7: a switch made by another process is seen within a second', async () => {
    const { bus, put, readModels, clock } = await world([nameOf]);
    await put(1, 'x', 'old');
    await put(2, 'x', 'new');
    await readModels.switch(undefined, copyOf(1));
    expect(await bus.execute(new NameOf({ id: 'x' }))).toBe('old');
    await readModels.switch(copyOf(1), copyOf(2));
    await clock.advance(1_100);
    expect(await bus.execute(new NameOf({ id: 'x' }))).toBe('new');
  });

  test('promise 5: is refused at once with a token of another journal', async () => {
    const { bus, put, readModels } = await world([nameOf]);
    await put(1, 'x', 'one');
    await readModels.switch(undefined, copyOf(1));
    const ranges = [{ partition: 0, first: positionAt(1, 0), last: positionAt(1, 0) }];
    const execute = (incarnation: string) =>
      bus.execute(new NameOf({ id: 'x' }), { after: formatConsistency({ incarnation, ranges }) });
    await expect(execute('foreign')).rejects.toThrow(
      expect.objectContaining({ code: 'consistency-incarnation' }),
    );
    await expect(execute('i')).rejects.toThrow(expect.objectContaining({ code: 'consistency-beyond-head' }));
  });

  test('is found through its inject list, and through those of the services in it', () => {
    @Service({ inject: [readModel(others)] })
    class Inner {
      constructor(readonly model: ReadModel<Names>) {}
    }
    @Service({ inject: [Inner, readModel(names)] })
    class Outer {
      constructor(
        readonly inner: Inner,
        readonly model: ReadModel<Names>,
      ) {}
    }
    expect(projectionsReadBy({ inject: [Outer] }, [names, others])).toEqual([names, others]);
    expect(projectionsReadBy({ inject: [readModel(others)] }, [names, others])).toEqual([others]);
    expect(projectionsReadBy({ inject: [] }, [names])).toEqual([]);
  });
});

describe('a query that reads no read model', () => {
  test('passes by, whatever it asks for', async () => {
    const { bus } = await world([queryHandler(Other, { authorize: anyone }, () => 1)]);
    expect(bus.describe()[0]!.behaviors).not.toContain('read models');
    const after = formatConsistency({ incarnation: 'foreign', ranges: [] });
    expect(await bus.execute(new Other(), { after })).toBe(1);
  });

  test('outside a query a read model is not to be read, and says so', async () => {
    const { scope } = await world([]);
    await expect(scope.facade<Names>(names).get('x')).rejects.toThrow(
      expect.objectContaining({ code: 'read-model-outside-query', origin: 'programming' }),
    );
  });
});

describe('promise 5: a cached answer', () => {
  test('knows how fresh it was, so that a query with `after` gets none that is too old', async () => {
    let runs = 0;
    const cached = queryHandler(
      NameOf,
      { inject: [readModel(names)], authorize: anyone, cache: { ttlInMs: 60_000 } },
      async ({ id }, _context, model) => `${(await model.get(id))?.name} ${++runs}`,
    );
    const { bus, put, readModels } = await world([cached]);
    await put(1, 'x', 'one');
    await readModels.switch(undefined, copyOf(1));
    const ask = (after?: string) =>
      bus.execute(new NameOf({ id: 'x' }), after === undefined ? {} : { after: after as never });
    expect(await ask()).toBe('one 1');
    expect(await ask()).toBe('one 1');
    expect(await ask(formatConsistency({ incarnation: 'i', ranges: [] }))).toBe('one 1');
    await expect(ask(formatConsistency({ incarnation: 'foreign', ranges: [] }))).rejects.toThrow(
      expect.objectContaining({ code: 'consistency-incarnation' }),
    );
  });

  test('promise 7: of an older copy is not given after a switch, however long it lives', async () => {
    const cached = queryHandler(
      NameOf,
      { inject: [readModel(names)], authorize: anyone, cache: { ttlInMs: 60_000 } },
      async ({ id }, _context, model) => (await model.get(id))?.name,
    );
    const { bus, put, readModels, clock } = await world([cached]);
    await put(1, 'x', 'old');
    await put(2, 'x', 'new');
    await readModels.switch(undefined, copyOf(1));
    const ask = () => bus.execute(new NameOf({ id: 'x' }));
    expect(await ask()).toBe('old');
    await readModels.switch(copyOf(1), copyOf(2));
    await clock.advance(1_100);
    expect(await ask()).toBe('new');
  });

  test('promise 7: is not kept when another copy came to be read while it was made', async () => {
    let runs = 0;
    const cached = queryHandler(
      NameOf,
      {
        inject: [readModel(names)],
        authorize: anyone,
        cache: { ttlInMs: 60_000 },
        retry: { again: { immediate: 1 } },
      },
      async ({ id }, _context, model) => {
        const name = (await model.get(id))?.name;
        if (++runs > 1) return name;
        await made.readModels.switch(copyOf(1), copyOf(2));
        await made.clock.advance(1_100);
        throw new RefusedError('again', 'Again.');
      },
    );
    const made = await world([cached]);
    await made.put(1, 'x', 'old');
    await made.put(2, 'x', 'new');
    await made.readModels.switch(undefined, copyOf(1));
    const kept = vi.spyOn(MemoryQueryCacheStore.prototype, 'keep');
    expect(await made.bus.execute(new NameOf({ id: 'x' }))).toBe('new');
    expect(kept).not.toHaveBeenCalled();
    expect(await made.bus.execute(new NameOf({ id: 'x' }))).toBe('new');
    expect(kept).toHaveBeenCalledOnce();
    kept.mockRestore();
  });

  test('is not looked for while the read model is not ready', async () => {
    const cached = queryHandler(
      NameOf,
      {
        inject: [readModel(names)],
        authorize: anyone,
        cache: { ttlInMs: 60_000 },
        retry: { 'read-model-not-ready': {} },
      },
      () => 'never',
    );
    const { bus } = await world([cached]);
    await expect(bus.execute(new NameOf({ id: 'x' }))).rejects.toMatchObject({
      code: 'read-model-not-ready',
    });
  });
});

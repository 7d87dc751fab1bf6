import { FakeClock, testApp } from '@diptych/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commandHandler } from '../commands/command-handler.js';
import { RefusedError } from '../errors/domain-errors.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import { eventHandler } from '../events/event-handler.js';
import { anyone, internal } from '../handlers/policy.js';
import { memoryDatabase } from '../memory/memory-database.js';
import { MemoryReadModelStore } from '../memory/memory-read-model-store.js';
import { memoryTransport } from '../memory/memory-transport.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { query } from '../messages/query.js';
import { defineProjection } from '../projections/define-projection.js';
import { readModel } from '../projections/read-model-token.js';
import { queryHandler } from '../queries/query-handler.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { App } from './app.js';
import { diagramOf } from './app-diagram.js';
import type { AppOptions } from './app-options.js';
import { createApp } from './create-app.js';
import { allRoles, type Role } from './role.js';

const id = z.object({ id: z.string() });
class Plant extends command('spec.Plant', id).returns<string>() {}
class Prune extends command('spec.Prune', id) {}
class Planted extends event('spec.Planted', id) {}
class PlantById extends query('spec.PlantById', id).returns<string | undefined>() {}

const plants = defineProjection<{ id: string }>({ name: 'plants', version: 1 }).on(
  Planted,
  ({ id }) => id,
  ({ id }) => ({ id }),
);
const plant = commandHandler(Plant, { authorize: anyone }, ({ id }, { session }) => {
  if (id === 'rock') throw new RefusedError('rock', 'Nothing grows here.');
  session.append(`plant-${id}`, 'none', [new Planted({ id })]);
  return `${id} is planted`;
});
const plantById = queryHandler(
  PlantById,
  { authorize: anyone, inject: [readModel(plants)] },
  async ({ id }, _context, model) => (await model.get(id))?.id,
);
const handlers = [plant, plantById, plants];

/** Resolves when somebody calls `open`. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('an app in several processes', () => {
  const shared = (): Pick<AppOptions, 'name' | 'handlers' | 'database' | 'transport'> => ({
    name: 'spec',
    handlers,
    database: memoryDatabase(),
    transport: memoryTransport(),
  });
  const running: App[] = [];
  const start = async (options: AppOptions, ...roles: readonly Role[]) => {
    const app = await createApp({ ...options, roles });
    running.push(app);
    await app.start();
    return app;
  };
  beforeEach(() => async () => {
    await Promise.all(running.splice(0).map((app) => app.stop()));
  });

  test('promise 5: a query in another process sees a write by its receipt', async () => {
    const options = shared();
    const writer = await start(options, 'commands');
    await start(options, 'relay');
    await start(options, 'projections');
    const reader = await start(options, 'queries');
    const { consistency } = await writer.commands.dispatch(new Plant({ id: 'oak' }));
    expect(await reader.queries.execute(new PlantById({ id: 'oak' }), { after: consistency })).toBe('oak');
  });

  test('keeps the documents of a projection where the app says, and its checkpoints with the others', async () => {
    const plants = new MemoryReadModelStore();
    const options = { ...shared(), readModels: { plants } };
    const app = await start(options, ...allRoles);
    const { consistency } = await app.commands.dispatch(new Plant({ id: 'oak' }));
    expect(await app.queries.execute(new PlantById({ id: 'oak' }), { after: consistency })).toBe('oak');
    expect(await plants.list('plants')).toMatchObject([{ state: 'serving' }]);
    expect(await options.database.readModels?.list('plants')).toEqual([]);
    expect(await options.database.subscriptions.state('plants/v1')).not.toEqual([]);
  });

  test('says which role a process does not run', async () => {
    const options = shared();
    const reader = await start(options, 'queries');
    const writer = await start(options, 'commands');
    const absent = { code: 'role-absent' };
    await expect(reader.commands.execute(new Plant({ id: 'oak' }))).rejects.toMatchObject(absent);
    await expect(reader.commands.send(new Plant({ id: 'oak' }))).rejects.toMatchObject(absent);
    await expect(writer.queries.execute(new PlantById({ id: 'oak' }))).rejects.toMatchObject(absent);
    expect(writer.messages.find('query', 'spec.PlantById')).toBeUndefined();
    expect(writer.messages.find('command', 'spec.Plant')).toMatchObject({ type: Plant, reach: 'public' });
  });
});

describe('stopping an app', () => {
  test('promise 8: finishes the command in hand, takes no other, and gives its partitions back', async () => {
    const { open, opened } = gate();
    const slow = commandHandler(Prune, { authorize: anyone }, () => opened);
    const app = await testApp({ handlers: [...handlers, slow] });
    const running = app.commands.execute(new Prune({ id: 'oak' }));
    const stopped = app.stop();
    await expect(app.commands.execute(new Plant({ id: 'oak' }))).rejects.toMatchObject({
      code: 'app-stopped',
    });
    await expect(app.queries.execute(new PlantById({ id: 'oak' }))).rejects.toMatchObject({
      code: 'app-stopped',
    });
    open();
    await running;
    await stopped;
    const states = await app.database.subscriptions.state('plants/v1');
    expect(states.filter(({ owner }) => owner !== undefined)).toEqual([]);
  });

  test('promise 8: does not wait for what was no message at all', async () => {
    const app = await testApp({ handlers });
    await expect(app.commands.execute(undefined as never)).rejects.toThrow(TypeError);
    await expect(app.queries.execute(undefined as never)).rejects.toThrow(TypeError);
    expect(app.app.inFlight()).toEqual({ commands: 0, queries: 0 });
    await app.stop();
  });

  test('promise 8: lets the event in hand finish before it gives up its partition', async () => {
    const { open, opened } = gate();
    const started = gate();
    const slow = eventHandler(Planted, { name: 'slow' }, () => {
      started.open();
      return opened;
    });
    const app = await testApp({ handlers: [...handlers, slow] });
    await app.commands.execute(new Plant({ id: 'oak' }));
    await started.opened;
    const stopped = app.stop();
    open();
    await stopped;
    const states = await app.database.subscriptions.state('events/slow');
    expect(states.filter(({ checkpoint }) => checkpoint !== undefined)).toHaveLength(1);
  });

  test('promise 8: tells handlers to give up when draining takes too long; the event comes again', async () => {
    const clock = new FakeClock();
    const database = memoryDatabase({ clock });
    const started = gate();
    let handled = 0;
    const hangs = eventHandler(Planted, { name: 'hangs' }, (_event, { abortSignal }) => {
      started.open();
      return new Promise((_resolve, reject) => {
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error));
      });
    });
    const works = eventHandler(Planted, { name: 'hangs' }, () => void handled++);
    const first = await testApp({ handlers: [...handlers, hangs], database, clock });
    await first.commands.execute(new Plant({ id: 'oak' }));
    await started.opened;
    const stopped = first.app.stop({ drainInMs: 3_000 });
    await first.advance(3_000);
    await stopped;
    const second = await testApp({ handlers: [...handlers, works], database, clock });
    await second.settled();
    expect(handled).toBe(1);
    await second.stop();
  });
});

describe('a logger that fails', () => {
  test('fails nothing that is logged, and stops nothing that runs by itself', async () => {
    const clock = new FakeClock();
    const database = memoryDatabase({ clock });
    const { readModels } = database;
    let isDown = false;
    const list: typeof readModels.list = (model) =>
      isDown ? Promise.reject(new Error('out of reach')) : readModels.list(model);
    const fails = () => {
      throw new Error('no log');
    };
    const logger = { debug: fails, info: fails, warn: fails, error: fails };
    const app = await testApp({
      handlers,
      clock,
      logger,
      database: { ...database, readModels: Object.assign(Object.create(readModels), { list }) },
    });
    isDown = true;
    await app.advance(3_000);
    isDown = false;
    expect(await app.commands.execute(new Plant({ id: 'oak' }))).toBe('oak is planted');
    await app.settled();
    await app.stop();
  });
});

describe('a sent command', () => {
  const statusOf = async (sent: Plant | Prune, more: AppOptions['handlers'] = []) => {
    const app = await testApp({ handlers: [...handlers, ...more] });
    const { messageId } = await app.commands.send(sent);
    const about = { wireName: (sent.constructor as typeof Plant).wireName, tenant: 'default' };
    const before = await app.app.commandStatus(messageId, about);
    const failure = await app.settled().catch((error: unknown) => error);
    const after = await app.app.commandStatus(messageId, about);
    await app.stop();
    return { before, after, failure };
  };

  test('is pending, then done with its result', async () => {
    const { before, after } = await statusOf(new Plant({ id: 'oak' }));
    expect(before).toEqual({ state: 'pending' });
    expect(after).toMatchObject({ state: 'done', result: 'oak is planted', consistency: expect.any(String) });
  });

  test('is refused when the domain says no', async () => {
    const { after, failure } = await statusOf(new Plant({ id: 'rock' }));
    expect(after).toMatchObject({ state: 'refused', code: 'rock', message: 'Nothing grows here.' });
    expect(failure).toBeUndefined();
  });

  test('is refused when its `prepare` step says no, before there is a unit of work', async () => {
    const refuses = () => {
      throw new RefusedError('closed', 'The garden is closed.');
    };
    const prune = commandHandler(Prune, { authorize: anyone, prepare: refuses }, () => {});
    const { after, failure } = await statusOf(new Prune({ id: 'oak' }), [prune]);
    expect(after).toMatchObject({ state: 'refused', code: 'closed' });
    expect(failure).toBeUndefined();
  });

  test('promise 1: is not journalled by the bus inside a handler: it would commit apart', async () => {
    const buses: App['commands'][] = [];
    const prune = commandHandler(Prune, { authorize: anyone }, async ({ id }) => {
      await buses[0]?.send(new Plant({ id }));
    });
    const app = await testApp({ handlers: [...handlers, prune] });
    buses.push(app.commands);
    await expect(app.commands.execute(new Prune({ id: 'oak' }))).rejects.toMatchObject({
      code: 'execute-in-handler',
    });
    expect(await app.recorded.entries()).toEqual([]);
    await app.stop();
  });

  test('is parked when its handler fails', async () => {
    const breaks = commandHandler(Prune, { authorize: anyone }, () => {
      throw new TypeError('no shears');
    });
    const { after, failure } = await statusOf(new Prune({ id: 'oak' }), [breaks]);
    expect(after).toEqual({ state: 'parked' });
    expect(failure).toBeInstanceOf(TypeError);
  });
});

describe('rebuilding a read model', () => {
  test('promise 7: the old copy serves until the new one has caught up, and nothing is older afterwards', async () => {
    const app = await testApp({ handlers });
    await app.commands.execute(new Plant({ id: 'oak' }));
    await app.settled();
    expect(await app.operations.rebuilds.start('plants')).toMatchObject({ generation: 2 });
    await app.settled();
    expect(await app.operations.rebuilds.progress()).toMatchObject([{ done: 1, total: 1, blockedBy: [] }]);
    const { consistency } = await app.commands.dispatch(new Plant({ id: 'elm' }));
    const fresh = app.queries.execute(new PlantById({ id: 'elm' }), { after: consistency });
    // It sees that the copy has caught up, brings the old one to a standstill, and lets a moment pass.
    for (let seconds = 0; seconds < 4; seconds++) {
      await app.advance(1_000);
      await app.settled();
    }
    expect(await fresh).toBe('elm');
    expect(await app.queries.execute(new PlantById({ id: 'oak' }))).toBe('oak');
    expect(await app.operations.rebuilds.progress()).toEqual([]);
    const copies = await app.database.readModels?.list('plants');
    expect(copies).toMatchObject([
      { generation: 1, state: 'retired' },
      { generation: 2, state: 'serving' },
    ]);
    await app.stop();
  });

  test('how far it is behind is told of the copy that serves, once the first one is not fed any more', async () => {
    const app = await testApp({ handlers });
    await app.commands.execute(new Plant({ id: 'oak' }));
    await app.settled();
    await app.operations.rebuilds.start('plants');
    const told: string[] = [];
    for (let minutes = 0; minutes < 13; minutes++) {
      await app.advance(60_000);
      await app.commands.execute(new Plant({ id: `elm ${minutes}` }));
      await app.settled();
      const { subscription, entriesBehind } = await app.operations.staleness('plants/v1');
      expect(entriesBehind).toBe(0);
      told.push(subscription);
    }
    expect([told[0], told.at(-1)]).toEqual(['plants/v1', 'plants/v1/g2']);
    expect(await app.database.readModels?.list('plants')).toMatchObject([
      { generation: 2, state: 'serving' },
    ]);
    await app.stop();
  });
});

describe('the metrics of an app', () => {
  test('tell how far each subscription is behind the head, and end with it', async () => {
    const gauges = new Map<string, () => unknown>();
    const telemetry: Telemetry = {
      span: (_options, work) => work({ context: {}, setAttribute: () => {} }),
      histogram: () => () => {},
      counter: () => () => {},
      gauge(name, read) {
        gauges.set(name, read);
        return () => void gauges.delete(name);
      },
    };
    const app = await testApp({ handlers, telemetry });
    app.operations.control('plants/v1').pause();
    await app.commands.execute(new Plant({ id: 'oak' }));
    await app.advance(3_000);
    const read = (name: string) => gauges.get(`diptych.subscription.${name}`)?.();
    const attributes = { 'diptych.subscription': 'plants/v1' };
    expect(await read('entries_behind')).toContainEqual({ value: 1, attributes });
    expect(await read('seconds_behind')).toContainEqual({ value: 3, attributes });
    expect(await read('parked_keys')).toContainEqual({ value: 0, attributes });
    await app.stop();
    expect([...gauges.keys()]).toEqual([]);
  });
});

test('an app that was stopped is over: it says so where it is started again', async () => {
  const app = await createApp({ name: 'spec', handlers, database: memoryDatabase() });
  await app.start();
  await app.stop();
  await expect(app.start()).rejects.toMatchObject({ code: 'app-over' });
});

describe('what operators see', () => {
  test('why a read model is not ready before any app has built it', async () => {
    const app = await createApp({ name: 'spec', handlers, database: memoryDatabase() });
    await expect(app.queries.execute(new PlantById({ id: 'oak' }))).rejects.toThrow(
      "Version 1 of read model 'plants' is not there: no app with the role 'projections' has been started",
    );
  });

  test('how stale a subscription is that has not begun, and not of one that is none', async () => {
    const app = await createApp({ name: 'spec', handlers, database: memoryDatabase() });
    for (const name of ['plants/v1', 'commands', 'relay/spec']) {
      expect(await app.operations.staleness(name)).toMatchObject({ subscription: name, entriesBehind: 0 });
    }
    await expect(app.operations.staleness('typo')).rejects.toMatchObject({ code: 'subscription-unknown' });
  });

  test('which partitions a subscription is behind in, whether it is held, and how much the journal holds', async () => {
    const app = await testApp({ handlers });
    const control = app.operations.control('plants/v1');
    expect(control).toMatchObject({ isPaused: false, delayInMs: 0 });
    control.delay(5_000);
    control.pause();
    for (const id of ['oak', 'elm']) await app.commands.execute(new Plant({ id }));
    await app.advance(3_000);

    expect(control).toMatchObject({ isPaused: true, delayInMs: 5_000 });
    const { incarnation, partitions } = await app.operations.journal();
    expect(await app.operations.journal()).toEqual({ incarnation, partitions, entries: 2 });
    const { behind, ...sums } = await app.operations.staleness('plants/v1');
    expect(sums).toMatchObject({ entriesBehind: 2, secondsBehind: 3 });
    expect(behind.reduce((sum, { entriesBehind }) => sum + entriesBehind, 0)).toBe(2);
    expect(behind.every(({ secondsBehind }) => secondsBehind === 3)).toBe(true);
    expect(control.status()).toHaveLength(partitions);

    control.resume();
    control.delay(0);
    await app.settled();
    expect(await app.operations.staleness('plants/v1')).toMatchObject({ entriesBehind: 0, behind: [] });
    await app.stop();
  });
});

describe('a read model whose fold fails', () => {
  test('promise 5: a query that waits for it hears why, and not only that time is over', async () => {
    const breaks = defineProjection<{ id: string }>({ name: 'breaks', version: 1 }).on(
      Planted,
      ({ id }) => id,
      () => {
        throw new TypeError('no such bed');
      },
    );
    const asked = queryHandler(
      PlantById,
      { authorize: anyone, inject: [readModel(breaks)] },
      () => undefined,
    );
    const app = await testApp({
      handlers: [plant, breaks, asked],
      subscriptions: { parking: { immediate: 0, delaysInMs: [60_000] } },
    });
    const { consistency } = await app.commands.dispatch(new Plant({ id: 'oak' }));
    const fresh = app.queries.execute(new PlantById({ id: 'oak' }), { after: consistency });
    const failure = fresh.catch((error: unknown) => error);
    await app.settled();
    await app.advance(5_000);
    expect(await failure).toMatchObject({
      code: 'after-timeout',
      message: expect.stringContaining('no such bed'),
      details: { commandSucceeded: true, failure: 'TypeError' },
    });
    await app.stop();
  });
});

describe('a discard that comes too late', () => {
  test('promise 6: what was applied by an owner that died is not discarded as well', async () => {
    let isBroken = true;
    const once = defineProjection<{ id: string }>({ name: 'once', version: 1 }).on(
      Planted,
      ({ id }) => id,
      ({ id }) => {
        if (isBroken) throw new TypeError('broken');
        return { id };
      },
    );
    const app = await testApp({
      handlers: [plant, once],
      subscriptions: { parking: { immediate: 0, delaysInMs: [1_000] } },
    });
    await app.commands.execute(new Plant({ id: 'oak' }));
    await app.settled();
    // The next try is applied, but the owner does not get to say so.
    isBroken = false;
    const { subscriptions } = app.database;
    const settle = subscriptions.settleParked;
    subscriptions.settleParked = () => Promise.reject(new UnavailableError('The store is away.'));
    await app.advance(1_000);
    const [parked] = await app.operations.parked();
    expect(await app.operations.discard(parked!)).toBe('requested');
    subscriptions.settleParked = settle;
    await app.advance(10_000);
    await app.settled();
    expect(await app.operations.parked()).toEqual([]);
    expect(await subscriptions.discarded('once/v1')).toEqual([]);
    await app.stop();
  });
});

describe('the traces of an app', () => {
  test('lead from a command through relay and projection, each with the caller’s trace as parent', async () => {
    const spans: { name: string; parent: string | undefined }[] = [];
    const telemetry: Telemetry = {
      span(options, work) {
        spans.push({ name: options.name, parent: options.parent?.traceparent });
        return work({ context: options.parent ?? {}, setAttribute: () => {} });
      },
      histogram: () => () => {},
      counter: () => () => {},
      gauge: () => () => {},
    };
    const app = await testApp({ handlers, telemetry });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await app.commands.execute(new Plant({ id: 'oak' }), { traceparent });
    await app.settled();
    expect(spans).toEqual([
      { name: 'command spec.Plant', parent: traceparent },
      { name: 'publish relay/test', parent: traceparent },
      { name: 'project plants/v1', parent: traceparent },
    ]);
    await app.stop();
  });
});

describe('the description of an app', () => {
  const described = async () => {
    const hidden = commandHandler(Prune, { authorize: internal }, () => {});
    const notify = eventHandler(Planted, { name: 'notify' }, () => {});
    const app = await createApp({
      name: 'spec',
      handlers: [...handlers, hidden, notify],
      database: memoryDatabase({ partitions: 4 }),
      transport: memoryTransport(),
    });
    return app.describe();
  };

  test('names handlers, policies, behaviors in order, what is read, and what feeds it', async () => {
    const app = await described();
    expect(app.commands).toMatchObject([
      { name: 'spec.Plant', policy: 'anyone', reach: 'public' },
      { name: 'spec.Prune', policy: 'internal', reach: 'internal' },
    ]);
    expect(app.commands[0]?.behaviors).toEqual(['time-out', 'idempotency', 'retry', 'unit of work']);
    expect(app.queries).toMatchObject([{ name: 'spec.PlantById', reads: ['plants'] }]);
    expect(app.subscriptions).toMatchObject([
      { name: 'commands', kind: 'commands', feed: 'journal' },
      { name: 'events/notify', kind: 'event-handler', events: ['spec.Planted'] },
      { name: 'relay/spec', kind: 'relay' },
      { name: 'plants/v1', kind: 'projection', feed: 'relay/spec', events: ['spec.Planted'] },
    ]);
    expect(app).toMatchObject({ partitions: 4, limits: [] });
  });

  test('is drawn as a Mermaid flowchart from command to query', async () => {
    const diagram = diagramOf(await described());
    expect(diagram.split('\n')[0]).toBe('flowchart LR');
    const edges = [...diagram.matchAll(/(\w+)(?:[[({>/].*?)? --> (\w+)/g)].map(
      ([, from, to]) => `${from} ${to}`,
    );
    for (const edge of [
      'command_spec_2ePlant handler_spec_2ePlant',
      'handler_spec_2ePlant journal',
      'topic_relay_2fspec subscription_plants_2fv1',
      'subscription_plants_2fv1 model_plants',
      'model_plants query_spec_2ePlantById',
    ]) {
      expect(edges).toContain(edge);
    }
  });
});

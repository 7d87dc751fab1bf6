import {
  anyone,
  command,
  commandHandler,
  defineProjection,
  event,
  eventHandler,
  query,
  queryHandler,
  RefusedError,
  readModel,
} from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testApp } from './open-test-app.js';

const id = z.object({ id: z.string() });
class Plant extends command('garden.Plant', id) {}
class Water extends command('garden.Water', id) {}
class Planted extends event('garden.Planted', id) {}
class Watered extends event('garden.Watered', id) {}
class Bed extends query('garden.Bed', id).returns<{ plants: number; watered: number } | undefined>() {}

const beds = defineProjection<{ plants: number; watered: number }>({ name: 'beds', version: 1 })
  .on(
    Planted,
    ({ id }) => id,
    (_event, bed) => ({ watered: 0, ...bed, plants: (bed?.plants ?? 0) + 1 }),
  )
  .on(
    Watered,
    ({ id }) => id,
    (_event, bed) => ({ plants: 0, ...bed, watered: (bed?.watered ?? 0) + 1 }),
  );

const plant = commandHandler(Plant, { authorize: anyone }, ({ id }, { session }) => {
  if (id === 'rock') throw new RefusedError('rock', 'Nothing grows here.');
  session.append(`bed-${id}`, 'any', [new Planted({ id })]);
});
const water = commandHandler(Water, { authorize: anyone }, ({ id }, { session }) => {
  session.append(`bed-${id}`, 'any', [new Watered({ id })]);
});
const waterWhatIsPlanted = eventHandler(Planted, { name: 'watering' }, ({ id }, { session }) => {
  session.send(new Water({ id }), { key: id });
});
const bed = queryHandler(Bed, { authorize: anyone, inject: [readModel(beds)] }, ({ id }, _context, model) =>
  model.get(id),
);
const handlers = [plant, water, bed, beds];

describe('a test app', () => {
  test('settles when everything that a command caused has been handled', async () => {
    const app = await testApp({ handlers: [...handlers, waterWhatIsPlanted] });
    await app.commands.execute(new Plant({ id: 'a' }));
    await app.settled();
    expect(await app.queries.execute(new Bed({ id: 'a' }))).toEqual({ plants: 1, watered: 1 });
    expect(await app.recorded.commands(Water)).toEqual([new Water({ id: 'a' })]);
    expect(await app.recorded.events(Watered)).toEqual([new Watered({ id: 'a' })]);
    await app.stop();
  });

  test('settles also what was sent and not waited for', async () => {
    const app = await testApp({ handlers });
    const sent = app.commands.send(new Plant({ id: 'a' }));
    const executed = app.commands.execute(new Plant({ id: 'a' }));
    await app.settled();
    expect(await app.queries.execute(new Bed({ id: 'a' }))).toMatchObject({ plants: 2 });
    await Promise.all([sent, executed]);
    await app.stop();
  });

  test('starts from what is given, and records only what comes after the app was made', async () => {
    const app = await testApp({ handlers });
    await app.given('bed-a', new Planted({ id: 'a' }), new Watered({ id: 'a' }));
    await app.settled();
    expect(await app.queries.execute(new Bed({ id: 'a' }))).toEqual({ plants: 1, watered: 1 });
    await app.stop();
  });

  test('promise 5: with a projection a second late, a query with a receipt sees the write, and one without does not', async () => {
    const app = await testApp({ handlers });
    app.operations.control('beds/v1').delay(1_000);
    const { consistency } = await app.commands.dispatch(new Plant({ id: 'a' }));
    await app.settled();
    expect(await app.queries.execute(new Bed({ id: 'a' }))).toBeUndefined();
    const fresh = app.queries.execute(new Bed({ id: 'a' }), { after: consistency });
    await app.advance(999);
    await app.settled();
    expect(await app.queries.execute(new Bed({ id: 'a' }))).toBeUndefined();
    await app.advance(1);
    expect(await fresh).toMatchObject({ plants: 1 });
    await app.stop();
  });

  test('fails with the error of a handler whose message parked', async () => {
    const fails = eventHandler(Planted, { name: 'fails' }, () => {
      throw new Error('no watering can');
    });
    const app = await testApp({ handlers: [...handlers, fails] });
    await app.commands.execute(new Plant({ id: 'a' }));
    await expect(app.settled()).rejects.toThrow('no watering can');
    expect(await app.operations.parked()).toMatchObject([{ subscription: 'events/fails', state: 'held' }]);
    await app.stop();
  });

  test('does not wait for a retry that is not due; time makes it due', async () => {
    let attempts = 0;
    const second = eventHandler(Planted, { name: 'second' }, () => {
      attempts++;
      if (attempts === 1) throw new Error('once');
    });
    const app = await testApp({
      handlers: [...handlers, second],
      subscriptions: { parking: { immediate: 0, delaysInMs: [5_000] } },
    });
    await app.commands.execute(new Plant({ id: 'a' }));
    await app.settled();
    expect(attempts).toBe(1);
    await app.advance(5_000);
    await app.settled();
    expect(attempts).toBe(2);
    expect(await app.operations.parked()).toEqual([]);
    await app.stop();
  });

  test('does not wait for a schedule that is not due; time makes it due', async () => {
    const later = eventHandler(Planted, { name: 'later' }, ({ id }, { session }) => {
      session.schedule(new Water({ id }), { in: 30 * 24 * 60 * 60 * 1_000 });
    });
    const app = await testApp({ handlers: [...handlers, later] });
    await app.commands.execute(new Plant({ id: 'a' }));
    await app.settled();
    expect(await app.recorded.events(Watered)).toEqual([]);
    await app.advance(30 * 24 * 60 * 60 * 1_000);
    await app.settled();
    expect(await app.recorded.events(Watered)).toHaveLength(1);
    await app.stop();
  });

  test('a refusal reaches the caller, records nothing and parks nothing', async () => {
    const app = await testApp({ handlers });
    await expect(app.commands.execute(new Plant({ id: 'rock' }))).rejects.toMatchObject({ code: 'rock' });
    await app.commands.send(new Plant({ id: 'rock' }));
    await app.settled();
    expect(await app.recorded.events(Planted)).toEqual([]);
    expect(await app.operations.parked()).toEqual([]);
    await app.stop();
  });
});

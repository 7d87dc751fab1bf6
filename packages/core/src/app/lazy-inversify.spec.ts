import 'reflect-metadata';
import { anyone, CommandHandler, command, commandHandler, createApp, Service } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { expect, it, vi } from 'vitest';

const inversify = vi.hoisted(() => ({ loads: 0 }));

// Counts the first time that anything asks for it, the imports above included. So the order of the tests matters.
vi.mock('inversify', async (original) => {
  inversify.loads++;
  return original();
});

class Place extends command('test.Place').returns<string>() {}

async function placedWith(handler: Parameters<typeof createApp>[0]['handlers'][number]): Promise<string> {
  const app = await createApp({ name: 'test', handlers: [handler], database: memoryDatabase() });
  await app.start();
  const result = await app.commands.execute(new Place());
  await app.stop();
  return result;
}

it('is not loaded by a program that registers by function', async () => {
  expect(await placedWith(commandHandler(Place, { authorize: anyone }, async () => 'placed'))).toBe('placed');
  expect(inversify.loads).toBe(0);
});

it('is not loaded for classes with inject lists', async () => {
  @Service()
  class Orders {}
  @CommandHandler(Place, { authorize: anyone, inject: [Orders] })
  class OnPlace {
    constructor(readonly orders: Orders) {}
    handle = async () => 'placed';
  }
  expect(await placedWith(OnPlace)).toBe('placed');
  expect(inversify.loads).toBe(0);
});

it('is loaded for a class that carries its decorators', async () => {
  const { injectable } = await vi.importActual<typeof import('inversify')>('inversify');
  @CommandHandler(Place, { authorize: anyone })
  class OnPlace {
    handle = async () => 'placed';
  }
  injectable()(OnPlace);
  expect(await placedWith(OnPlace)).toBe('placed');
  expect(inversify.loads).toBe(1);
});

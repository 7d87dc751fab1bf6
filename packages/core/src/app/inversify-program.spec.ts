import { anyone, type CommandContext, CommandHandler, command, createApp, event } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { Container, inject, injectable } from 'inversify';
import { expect, test } from 'vitest';
import { z } from 'zod';

const ring = z.object({ text: z.string() });
class Ring extends command('door.Ring', ring).returns<string>() {}
class Rang extends event('door.Rang', ring) {}

// #region inversify
@injectable()
class Bell {
  constructor(@inject('sound') readonly sound: string) {}
}

// No `inject` list: inversify's own decorators say what the constructor is given.
@CommandHandler(Ring, { authorize: anyone })
@injectable()
class RingHandler {
  constructor(@inject(Bell) private readonly bell: Bell) {}

  handle({ text }: Ring, { session }: CommandContext) {
    session.append('door', 'any', [new Rang({ text })]);
    return `${this.bell.sound} ${text}`;
  }
}

const container = new Container();
container.bind('sound').toConstantValue('ding');
container.bind(Bell).toSelf().inSingletonScope();

const options = { name: 'door', handlers: [RingHandler], messages: [Rang], container };
// #endregion

test('a handler class is given what inversify’s own decorators name, from the program’s container', async () => {
  const app = await createApp({ ...options, database: memoryDatabase() });
  expect(await app.commands.execute(new Ring({ text: 'dong' }))).toBe('ding dong');
  await app.stop();
});

test('what the container lacks is found at start', async () => {
  const empty = createApp({ ...options, container: new Container(), database: memoryDatabase() });
  await expect(empty).rejects.toMatchObject({ code: 'start-up-failed' });
});

import {
  anyone,
  command,
  commandHandler,
  defineProjection,
  event,
  eventHandler,
  type InputOf,
  query,
  queryHandler,
  readModel,
  type Schema,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { FakeClock } from '../clock/fake-clock.js';
import { commandScenario } from '../scenarios/command-scenario.js';
import { testApp } from './open-test-app.js';
import type { TestApp } from './test-app.js';

// As schemas do that cannot say what JSON Schema they have: start-up cannot see that it takes no text for a date.
const dated: Schema<{ at: Date }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      (value as InputOf<typeof dated>).at instanceof Date
        ? { value: value as { at: Date } }
        : { issues: [{ message: 'at is no date' }] },
  },
};
const at = new Date('2030-01-01T00:00:00Z');
const noted = z.object({ text: z.string() });
class Note extends command('diary.Note', noted).returns(z.object({ n: z.number() })) {}
class Count extends query('diary.Count').returns(z.object({ n: z.number(), of: z.string().optional() })) {}
class Noted extends event('diary.Noted', noted) {}
class Dated extends event('diary.Dated', dated) {}
class Remind extends command('diary.Remind', dated) {}

const note = commandHandler(Note, { authorize: anyone }, ({ text }, { session }) => {
  if (text === 'append') session.append('diary', 'any', [new Dated({ at })]);
  else if (text === 'send') session.send(new Remind({ at }));
  else if (text === 'schedule') session.schedule(new Remind({ at }), { in: 1_000 });
  else session.append('diary', 'any', [new Noted({ text })]);
  return { n: text === 'one' ? ('one' as never) : 1 };
});
const remind = commandHandler(Remind, { authorize: anyone }, () => undefined);
const count = queryHandler(Count, { authorize: anyone }, () => ({ n: Number.NaN }));
const handlers = [note, remind];
const messages = [Noted, Dated];

describe('what a test writes is read back', () => {
  test.each(['append', 'send', 'schedule'])(
    '%s: what does not survive JSON fails the command',
    async (text) => {
      const app = await testApp({ handlers, messages });
      const done = app.commands.execute(new Note({ text }));
      await expect(done).rejects.toMatchObject({ code: 'schema-unstable' });
      await expect(done).rejects.toThrow('at is no date');
      expect(await app.recorded.entries()).toEqual([]);
      await app.stop();
    },
  );

  test('also in a scenario, and what is given', async () => {
    const scenario = commandScenario({ handlers, messages });
    const decision = scenario.when(new Note({ text: 'append' }));
    await expect(decision.thenEvents(new Dated({ at }))).rejects.toMatchObject({ code: 'schema-unstable' });
    const app = await testApp({ handlers, messages });
    await expect(app.given('diary', new Dated({ at }))).rejects.toMatchObject({ code: 'schema-unstable' });
    await app.stop();
  });

  test('a schema that makes something else of what it made is found by the event, not by its reader', async () => {
    const shouted = z.object({ text: z.string().transform((text) => (text === '' ? text : `${text}!`)) });
    class Shouted extends event('diary.Shouted', shouted, { examples: [{ text: '' }] }) {}
    const shout = eventHandler(Noted, { name: 'shout' }, ({ text }, { session }) => {
      session.append('loud', 'any', [new Shouted({ text })]);
    });
    const app = await testApp({ handlers: [...handlers, shout], messages: [Dated, Shouted] });
    await app.commands.execute(new Note({ text: 'fine' }));
    await expect(app.settled()).rejects.toThrow('read back, it is something else');
    await app.stop();
  });
});

describe('results are held to their schemas', () => {
  test('of commands, in a scenario too', async () => {
    const scenario = commandScenario({ handlers, messages });
    await scenario.when(new Note({ text: 'fine' })).thenResult({ n: 1 });
    const wrong = scenario.when(new Note({ text: 'one' }));
    await expect(wrong.thenResult({ n: 'one' as never })).rejects.toMatchObject({ code: 'result-invalid' });
    await expect(wrong.thenEvents(new Noted({ text: 'one' }))).rejects.toThrow("at 'n'");
  });

  test('of queries, as JSON gives them', async () => {
    const app = await testApp({ handlers: [...handlers, count], messages });
    await expect(app.queries.execute(new Count())).rejects.toMatchObject({ code: 'result-invalid' });
    await app.stop();
  });
});

describe('two apps on one state', () => {
  const texts = defineProjection<{ n: number }>({ name: 'texts', version: 1 }).on(
    Noted,
    () => 'all',
    (_event, all) => ({ n: (all?.n ?? 0) + 1 }),
  );
  const counting = queryHandler(
    Count,
    { authorize: anyone, inject: [readModel(texts)] },
    async (_query, _context, model) => (await model.get('all')) ?? { n: 0 },
  );
  const writes = { handlers, messages, roles: ['commands', 'relay'] } as const;
  const reads = { handlers: [texts, counting], roles: ['projections', 'queries'] } as const;

  async function expectToMeet(left: TestApp, right: TestApp): Promise<void> {
    await left.commands.execute(new Note({ text: 'fine' }));
    await left.settled();
    await right.settled();
    expect(await right.queries.execute(new Count())).toEqual({ n: 1 });
    await Promise.all([left.stop(), right.stop()]);
  }

  test('meet at the transport of the first, when the second is given it', async () => {
    const left = await testApp(writes);
    const { database, clock, transport } = left;
    await expectToMeet(left, await testApp({ ...reads, database, clock, transport }));
  });

  test('meet at the journal where only the database is given', async () => {
    const clock = new FakeClock();
    const database = memoryDatabase({ clock });
    const left = await testApp({ ...writes, database, clock });
    await expectToMeet(left, await testApp({ ...reads, database, clock }));
  });
});

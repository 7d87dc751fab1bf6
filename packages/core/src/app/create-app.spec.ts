import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commandHandler } from '../commands/command-handler.js';
import { anyone } from '../handlers/policy.js';
import { memoryDatabase } from '../memory/memory-database.js';
import { memoryTransport } from '../memory/memory-transport.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { query } from '../messages/query.js';
import { defineProjection } from '../projections/define-projection.js';
import { readModel } from '../projections/read-model-token.js';
import { queryHandler } from '../queries/query-handler.js';
import { createApp } from './create-app.js';

class Note extends command('spec.Note', z.object({ id: z.string(), text: z.string() })).returns<{
  length: number;
}>() {}
class Noted extends event('spec.Noted', z.object({ id: z.string(), text: z.string() })) {}
class NoteById extends query('spec.NoteById', z.object({ id: z.string() })).returns<
  { text: string } | undefined
>() {}

const notes = defineProjection<{ text: string }>({ name: 'notes', version: 1 }).on(
  Noted,
  ({ id }) => id,
  ({ text }) => ({ text }),
);

const handlers = [
  commandHandler(Note, { authorize: anyone }, ({ id, text }, { session }) => {
    session.append(`note-${id}`, 'none', [new Noted({ id, text })]);
    return { length: text.length };
  }),
  queryHandler(NoteById, { authorize: anyone, inject: [readModel(notes)] }, ({ id }, _context, model) =>
    model.get(id),
  ),
  notes,
];

describe.each([
  ['from the journal', () => undefined],
  ['through a transport', () => memoryTransport()],
])('an app that feeds its read models %s', (_where, transport) => {
  test('promise 5: a query with the receipt sees what the command wrote', async () => {
    const carried = transport();
    const database = memoryDatabase();
    const app = await createApp({ name: 'spec', handlers, database, ...(carried && { transport: carried }) });
    await app.start();
    const receipt = await app.commands.dispatch(new Note({ id: '1', text: 'hello' }));
    expect(receipt.result).toEqual({ length: 5 });
    expect(await app.queries.execute(new NoteById({ id: '1' }), { after: receipt.consistency })).toEqual({
      text: 'hello',
    });
    await app.stop();
  });
});

import {
  anyone,
  command,
  commandHandler,
  createApp,
  hasRole,
  query,
  queryHandler,
  type ReadModelStore,
  readModel,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { z } from 'zod';
import { type NoteDocument, Noted } from '../notes/noted.js';
import { notes } from '../notes/our-projector.js';

class Note extends command('bench.Note', z.object({ note: z.string() })) {}
class NoteOf extends query('bench.NoteOf', z.object({ note: z.string() })).returns<NoteDocument>() {}

const note = commandHandler(Note, { authorize: anyone }, async ({ note }, { session }) => {
  session.append(note, 'any', [new Noted({ note, amount: 1, text: 'what there is to say about it' })]);
});

const noteOf = queryHandler(
  NoteOf,
  { inject: [readModel(notes)], authorize: hasRole('clerk') },
  async ({ note }, _context, model) => (await model.get(note))!,
);

const clerk = { id: 'ada', roles: ['clerk'] };

/** Queries of an app as it is shipped. */
export interface OurReads {
  read(note: string): Promise<NoteDocument>;
  close(): Promise<void>;
}

/** Starts an app on that store, and writes so many notes, each of which has come to its read model then. */
export async function ourReads(readModels: ReadModelStore, names: readonly string[]): Promise<OurReads> {
  const app = await createApp({
    name: 'bench',
    handlers: [note, notes, noteOf],
    database: { ...memoryDatabase(), readModels },
  });
  await app.start();
  const receipts = await Promise.all(names.map((name) => app.commands.dispatch(new Note({ note: name }))));
  for (const [at, name] of names.entries()) {
    const after = receipts[at]!.consistency;
    await app.queries.execute(new NoteOf({ note: name }), { subject: clerk, after });
  }
  return {
    read: (name) => app.queries.execute(new NoteOf({ note: name }), { subject: clerk }),
    close: () => app.stop(),
  };
}

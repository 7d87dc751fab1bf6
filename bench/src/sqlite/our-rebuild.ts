import {
  defineProjection,
  event,
  ProjectionConsumer,
  ProjectionFolds,
  SubscriptionRunner,
  systemClock,
} from '@diptych/core';
import type { SqliteDatabase } from '@diptych/sqlite-adapters';
import { z } from 'zod';

class Noted extends event('bench.Noted', z.object({ note: z.string(), amount: z.int(), text: z.string() })) {}

export interface NoteDocument {
  readonly note: string;
  readonly total: number;
  readonly count: number;
}

const notes = defineProjection<NoteDocument>({ name: 'notes', version: 1 }).on(
  Noted,
  ({ note }) => note,
  ({ note, amount }, before) => ({
    note,
    total: (before?.total ?? 0) + amount,
    count: (before?.count ?? 0) + 1,
  }),
);

/** Feeds a new copy from the first event on. */
export interface Rebuild {
  readonly name: string;
  /** Goes on until so many events are handled, or a few more. */
  goOnTo(events: number): Promise<void>;
  close(): void | Promise<void>;
}

export async function ourRebuild(database: SqliteDatabase): Promise<Rebuild> {
  const copy = { model: 'notes', version: 1, generation: 1 };
  await database.readModels.create(notes.definition, copy);
  let handled = 0;
  const consumer = new ProjectionConsumer({
    folds: new ProjectionFolds(notes, undefined),
    store: database.readModels,
    copy,
  });
  const { partitions } = await database.reader.info();
  const runner = new SubscriptionRunner({
    subscription: 'notes/v1',
    consumer: {
      itemsOf: (entry) => consumer.itemsOf(entry),
      handle(items, context) {
        handled += items.length;
        return consumer.handle(items, context);
      },
    },
    store: database.subscriptions,
    reader: database.reader,
    clock: systemClock,
    owner: 'bench',
    partitions,
  });
  return {
    name: 'ours',
    async goOnTo(events) {
      while (handled < events) if (!(await runner.turn())) throw new Error(`It stopped at ${handled}.`);
    },
    close: () => runner.stop(),
  };
}

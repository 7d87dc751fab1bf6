import {
  type Copy,
  defineProjection,
  type JournalReader,
  ProjectionConsumer,
  ProjectionFolds,
  type ReadModelStore,
  SubscriptionRunner,
  type SubscriptionStore,
  systemClock,
} from '@diptych/core';
import type { Way } from '../harness/turns.js';
import { type NoteDocument, Noted } from './noted.js';

export const notes = defineProjection<NoteDocument>({ name: 'notes', version: 1 }).on(
  Noted,
  ({ note }) => note,
  ({ note, amount }, before) => ({
    note,
    total: (before?.total ?? 0) + amount,
    count: (before?.count ?? 0) + 1,
  }),
);

/** The copy of that generation. */
export function copyOf(generation: number): Copy {
  return { model: 'notes', version: 1, generation };
}

export interface ProjectedDatabase {
  readonly reader: JournalReader;
  readonly subscriptions: SubscriptionStore;
  readonly readModels: ReadModelStore;
}

/** Feeds a new copy from the first event on, as a subscription of an app does. */
export async function ourProjector(
  { reader, subscriptions, readModels }: ProjectedDatabase,
  copy = copyOf(1),
): Promise<Way> {
  await readModels.create(notes.definition, copy);
  const consumer = new CountingConsumer({
    folds: new ProjectionFolds(notes, undefined),
    store: readModels,
    copy,
  });
  const { partitions } = await reader.info();
  const runner = new SubscriptionRunner({
    subscription: 'notes/v1',
    consumer,
    store: subscriptions,
    reader,
    clock: systemClock,
    owner: 'bench',
    partitions,
  });
  let asked = 0;
  return {
    name: 'ours',
    async move(events) {
      asked += events;
      while (consumer.handled < asked)
        if (!(await runner.turn())) throw new Error(`It stopped at ${consumer.handled}.`);
    },
    close: () => runner.stop(),
  };
}

class CountingConsumer extends ProjectionConsumer {
  handled = 0;

  override handle(
    ...given: Parameters<ProjectionConsumer['handle']>
  ): ReturnType<ProjectionConsumer['handle']> {
    this.handled += given[0].length;
    return super.handle(...given);
  }
}

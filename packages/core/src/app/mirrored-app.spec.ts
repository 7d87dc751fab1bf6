import { FakeClock } from '@diptych/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { memoryDatabase } from '../memory/memory-database.js';
import { MemoryDocumentSink, type MemorySinkHandle } from '../memory/memory-document-sink.js';
import { event } from '../messages/event.js';
import { mirroredStore } from '../mirrors/mirrored-store.js';
import { defineProjection } from '../projections/define-projection.js';
import { createApp } from './create-app.js';

class Seen extends event('spec.Seen', z.object({ id: z.string() })) {}
const birds = defineProjection<{ readonly id: string }>({ name: 'birds', version: 1 }).on(
  Seen,
  ({ id }) => id,
  ({ id }) => ({ id }),
);
const copy = { model: 'birds', version: 1, generation: 1 };

function mirroredApp(name = 'spec') {
  const clock = new FakeClock();
  const database = memoryDatabase({ clock });
  const sink = new MemoryDocumentSink({ clock });
  const store = mirroredStore(database.readModels, sink, { clock });
  const open = () => createApp({ name, clock, database, handlers: [birds], readModels: { birds: store } });
  const mirrored = () => [
    ...(sink.open(birds.definition, copy, 'default') as MemorySinkHandle).documents().keys(),
  ];
  return { clock, database, sink, open, mirrored };
}

test('an app that feeds a mirrored read model sweeps its mirror, and another one goes on at once when it stops', async () => {
  const { clock, database, sink, open, mirrored } = mirroredApp();
  const [one, two] = [await open(), await open()];
  const ghost = (id: string) => ({
    id: { tenant: 'default', name: id },
    body: '{}',
    version: 'old',
    sending: id,
    sentAt: clock.now(),
  });
  await one.start();
  await clock.advance(1_000);
  await two.start();
  await sink.mirror(copy, [ghost('dodo')]);
  expect(mirrored()).toEqual(['dodo']);
  await clock.advance(30_000);
  expect(mirrored()).toEqual([]);
  const [state] = await database.subscriptions.state('sweep/birds/v1');
  expect(state).toMatchObject({
    owner: expect.stringMatching(/^spec/),
    checkpoint: { evidence: expect.any(String) },
  });
  await one.stop();
  await sink.mirror(copy, [ghost('moa')]);
  await clock.advance(30_000);
  expect(mirrored()).toEqual([]);
  await two.stop();
  const [left] = await database.subscriptions.state('sweep/birds/v1');
  expect(left!.owner).toBeUndefined();
});

test('an app without a mirror sweeps nothing', async () => {
  const clock = new FakeClock();
  const database = memoryDatabase({ clock });
  const app = await createApp({ name: 'spec', clock, database, handlers: [birds] });
  await app.start();
  await clock.advance(60_000);
  expect(await database.subscriptions.state('sweep/birds/v1')).toEqual([]);
  await app.stop();
});

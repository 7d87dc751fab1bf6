import { FakeClock } from '@diptych/testing';
import { expect, test } from 'vitest';
import { memoryDatabase } from '../memory/memory-database.js';
import { MemoryDocumentSink } from '../memory/memory-document-sink.js';
import { mirroredStore } from '../mirrors/mirrored-store.js';
import { defineProjection } from './define-projection.js';
import { Sweeper, type SweepNotice } from './sweeper.js';

const registration = defineProjection<{ readonly id: string }>({ name: 'birds', version: 1 });
const copy = { model: 'birds', version: 1, generation: 1 };

async function swept() {
  const clock = new FakeClock();
  const { subscriptions, readModels } = memoryDatabase({ clock });
  const sink = new MemoryDocumentSink({ clock });
  const store = mirroredStore(readModels, sink, { clock });
  await store.create(registration.definition, copy);
  const notices: SweepNotice['kind'][] = [];
  const projections = [{ registration, folds: undefined as never, store }];
  const sweeperOf = (owner: string) =>
    new Sweeper({ projections, subscriptions, clock, owner, observe: ({ kind }) => notices.push(kind) });
  return { clock, subscriptions, sink, store, sweeperOf, notices };
}

test('sweeps that fail are told once, and once when they go well again', async () => {
  const { clock, sink, sweeperOf, notices } = await swept();
  const sweeper = sweeperOf('one');
  const entries = sink.entries.bind(sink);
  sink.entries = () => Promise.reject(new Error('out of reach'));
  for (let sweeps = 0; sweeps < 3; sweeps++) {
    await sweeper.turn();
    await clock.advance(10_000);
  }
  expect(notices).toEqual(['sweep-failed']);
  sink.entries = entries;
  await sweeper.turn();
  expect(notices).toEqual(['sweep-failed', 'sweep-resumed']);
});

test('nothing is asked before a sweep is due', async () => {
  const { clock, sink, sweeperOf } = await swept();
  const sweeper = sweeperOf('one');
  let asked = 0;
  const entries = sink.entries.bind(sink);
  sink.entries = (...input) => {
    asked++;
    return entries(...input);
  };
  await sweeper.turn();
  const atFirst = asked;
  await clock.advance(9_999);
  expect(sweeper.waitInMs()).toBe(1);
  await sweeper.turn();
  expect(asked).toBe(atFirst);
  await clock.advance(1);
  await sweeper.turn();
  expect(asked).toBeGreaterThan(atFirst);
});

test('one that another process has overtaken in the middle changes no progress', async () => {
  const { clock, subscriptions, sink, sweeperOf, notices } = await swept();
  const entries = sink.entries.bind(sink);
  const partition = { subscription: 'sweep/birds/v1', partition: 0 };
  sink.entries = async (...input) => {
    await subscriptions.seize({ ...partition, owner: 'two', leaseInMs: 30_000 });
    return entries(...input);
  };
  await sweeperOf('one').turn();
  expect(notices).toEqual(['sweep-failed']);
  const [state] = await subscriptions.state('sweep/birds/v1');
  expect(state).toMatchObject({ owner: 'two', checkpoint: undefined });
  await clock.advance(1);
});

test('a version that another build has is left to that build', async () => {
  const { store, subscriptions, sweeperOf } = await swept();
  await store.create({ ...registration.definition, version: 2 }, { ...copy, version: 2 });
  await sweeperOf('one').turn();
  expect(await subscriptions.state('sweep/birds/v1')).toHaveLength(1);
  expect(await subscriptions.state('sweep/birds/v2')).toEqual([]);
});

import { mirroredStore, type ReadModelStore, Sweeper } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { expect } from 'vitest';
import { mirrored } from './mirroring-contract.js';
import { notes } from './noted.js';
import { type DocumentSinkSubject, writeTotal } from './sink-fixture.js';

/** Within this long after it came, an older state is repaired: what the documentation says. */
export const repairedInMs = 30_000;

/** A mirrored store whose late requests come when the test says so, and processes that sweep. */
export async function swept(subject: DocumentSinkSubject) {
  const { store, line, primary } = await mirrored(subject);
  const { clock, advanceTime } = subject;
  const { subscriptions } = memoryDatabase({ clock });
  const repaired: string[] = [];
  const sound = mirroredStore(primary, subject.sink, {
    clock,
    onRepaired: (_copy, documents) => void repaired.push(...documents.map(({ name }) => name)),
  });
  const sweeperOn = (owner: string, store: ReadModelStore = sound) =>
    new Sweeper({
      projections: [{ registration: notes(), folds: undefined as never, store }],
      subscriptions,
      clock,
      owner,
    });
  const sweep = async (ms: number, ...sweepers: readonly Sweeper[]) => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      await subject.shown();
      for (const sweeper of sweepers) await sweeper.turn();
      await advanceTime(5_000);
    }
  };
  /** A process writes, and dies before its request to the mirror comes. */
  const writeAndDie = async (name: string, total: number | null, event: number) => {
    line.passage = () => 'late';
    await expect(writeTotal(store, name, total, event)).rejects.toThrow();
    line.passage = () => 'in-time';
  };
  return { store: sound, line, primary, sweeperOn, sweep, writeAndDie, repaired };
}

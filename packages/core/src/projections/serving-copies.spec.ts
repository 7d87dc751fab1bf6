import { FakeClock } from '@diptych/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryDatabase } from '../memory/memory-database.js';
import type { Copy } from '../read-models/read-model-store.js';
import { defineProjection } from './define-projection.js';
import { ServingCopies } from './serving-copies.js';

const projection = defineProjection<object>({ name: 'notes', version: 1 });
const copyOf = (generation: number): Copy => ({ model: 'notes', version: 1, generation });

async function world(processes: number) {
  const clock = new FakeClock();
  const { readModels } = memoryDatabase({ clock });
  for (const generation of [1, 2]) await readModels.create(projection.definition, copyOf(generation));
  await readModels.switch(undefined, copyOf(1));
  const serving = Array.from(
    { length: processes },
    () => new ServingCopies({ storeOf: () => readModels, clock }),
  );
  return { clock, readModels, serving };
}

test('the first copy serves at once', async () => {
  const { serving } = await world(1);
  expect(await serving[0]!.of(projection)).toEqual(copyOf(1));
});

test('promise 7: once one process reads the new copy, no process reads the old one', async () => {
  const looks = fc.array(fc.record({ process: fc.nat(2), afterMs: fc.nat(300) }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(looks, fc.nat(2_000), async (some, switchAt) => {
      const { clock, readModels, serving } = await world(3);
      const read: number[] = [];
      let switched = false;
      for (const { process, afterMs } of some) {
        await clock.advance(afterMs);
        if (!switched && clock.now() >= switchAt) {
          switched = (await readModels.switch(copyOf(1), copyOf(2))) === 'switched';
          serving[process]!.forget();
        }
        const looking = Promise.resolve(serving[process]!.of(projection));
        // Where it waits, it waits for the moment to pass.
        void looking.then(({ generation }) => read.push(generation));
        for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
      }
      await clock.advance(3_000);
      expect(read).toEqual([...read].sort());
      expect(await Promise.all(serving.map((each) => each.of(projection)))).toEqual(
        switched ? [copyOf(2), copyOf(2), copyOf(2)] : [copyOf(1), copyOf(1), copyOf(1)],
      );
    }),
  );
});

test('promise 7: around the moment of going over nobody reads, so that clocks need not agree to the millisecond', async () => {
  const { clock, readModels, serving } = await world(1);
  await readModels.switch(copyOf(1), copyOf(2));
  await clock.advance(990);
  let seen: Copy | undefined;
  void Promise.resolve(serving[0]!.of(projection)).then((copy) => {
    seen = copy;
  });
  await clock.advance(20);
  expect(seen).toBeUndefined();
  await clock.advance(50);
  expect(seen).toEqual(copyOf(2));
});

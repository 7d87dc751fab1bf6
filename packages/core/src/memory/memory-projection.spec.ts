import { FakeClock } from '@diptych/testing';
import { projectionContract } from '@diptych/testing/contracts';
import { memoryDatabase } from './memory-database.js';
import { MemoryReadModelStore } from './memory-read-model-store.js';

projectionContract('memory', {
  async open() {
    const clock = new FakeClock();
    const { writeStore, reader, subscriptions } = memoryDatabase({ clock, partitions: 8 });
    const readModels = new MemoryReadModelStore({ clock, maxDocumentBytes: 4_000 });
    return {
      writeStore,
      reader,
      subscriptions,
      readModels,
      clock,
      advanceTime: (ms: number) => clock.advance(ms),
    };
  },
});

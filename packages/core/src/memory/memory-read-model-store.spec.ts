import { FakeClock } from '@diptych/testing';
import { readModelStoreContract } from '@diptych/testing/contracts';
import { MemoryReadModelStore } from './memory-read-model-store.js';

readModelStoreContract('memory', {
  async open() {
    const clock = new FakeClock();
    const store = new MemoryReadModelStore({ clock, maxDocumentBytes: 1_000 });
    return { store, advanceTime: (ms) => clock.advance(ms) };
  },
});

import { FakeClock } from '@diptych/testing';
import { projectionContract, readModelStoreContract } from '@diptych/testing/contracts';
import { memoryDatabase } from '../memory/memory-database.js';
import { MemoryDocumentSink } from '../memory/memory-document-sink.js';
import { MemoryReadModelStore } from '../memory/memory-read-model-store.js';
import { mirroredStore } from './mirrored-store.js';

function opened(maxDocumentBytes: number) {
  const clock = new FakeClock();
  const primary = new MemoryReadModelStore({ clock, maxDocumentBytes });
  const store = mirroredStore(primary, new MemoryDocumentSink({ clock }), { clock });
  return { clock, store, advanceTime: (ms: number) => clock.advance(ms) };
}

// A store that is mirrored keeps every promise that it keeps by itself.
readModelStoreContract('memory, mirrored', { open: async () => opened(1_000) });
projectionContract('memory, mirrored', {
  async open() {
    const { clock, store, advanceTime } = opened(4_000);
    const { writeStore, reader, subscriptions } = memoryDatabase({ clock, partitions: 8 });
    return { writeStore, reader, subscriptions, readModels: store, clock, advanceTime };
  },
});

import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { subscriptionContract, subscriptionStoreContract } from '@diptych/testing/contracts';
import { cosmosGround } from '../../fixtures/cosmos-subscriptions.js';

/** The journal is in memory: a read side that has no SQL reads it over HTTP, say. */
function running(transport?: { readonly ordered: boolean }) {
  return async () => {
    const { clock, store, advanceTime, close } = await cosmosGround();
    const { writeStore, reader } = memoryDatabase({ clock, partitions: 4 });
    return {
      writeStore,
      reader,
      store: store(),
      clock,
      advanceTime,
      close,
      ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

subscriptionStoreContract('cosmos', {
  async open() {
    const { store, advanceTime, close } = await cosmosGround();
    return { store: store(), advanceTime, close };
  },
});
subscriptionContract('cosmos', { open: running() });
subscriptionContract('cosmos, ordered transport', { open: running({ ordered: true }) });

import { FakeClock } from '@diptych/testing';
import { subscriptionStoreContract } from '@diptych/testing/contracts';
import { MemorySubscriptionStore } from './memory-subscription-store.js';

subscriptionStoreContract('memory', {
  async open() {
    const clock = new FakeClock();
    return { store: new MemorySubscriptionStore(clock), advanceTime: (ms) => clock.advance(ms) };
  },
});

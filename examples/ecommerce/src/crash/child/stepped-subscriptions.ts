import type { SubscriptionStore } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Fuse } from './fuse.js';

export function steppedSubscriptions(store: SubscriptionStore, fuse: Fuse): SubscriptionStore {
  return standIn(store, {
    async advance(moves) {
      fuse.pass('before a checkpoint');
      const answers = await store.advance(moves);
      fuse.pass('after a checkpoint');
      return answers;
    },
    async park(ownership, messages) {
      const answer = await store.park(ownership, messages);
      fuse.pass('after parking');
      return answer;
    },
    async settleParked(ownership, key, position) {
      // Its effect is there; that it has been handled is not yet known.
      fuse.pass('after a parked message');
      return store.settleParked(ownership, key, position);
    },
  });
}

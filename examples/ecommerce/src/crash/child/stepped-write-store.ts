import type { Claim, WriteStore, WriteTransaction } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Fuse } from './fuse.js';

export function steppedWriteStore(store: WriteStore, fuse: Fuse): WriteStore {
  const opened = (transaction: WriteTransaction) => steppedTransaction(transaction, fuse);
  return standIn(store, {
    begin: async (options) => opened(await store.begin(options)),
    async claim(key, options): Promise<Claim> {
      const claim = await store.claim(key, options);
      return claim.state === 'settled' ? claim : { ...claim, transaction: opened(claim.transaction) };
    },
    async commit(batch) {
      const committed = await store.commit(batch);
      fuse.pass('after a commit, before its answer');
      return committed;
    },
  });
}

function steppedTransaction(transaction: WriteTransaction, fuse: Fuse): WriteTransaction {
  return standIn(transaction, {
    async commit(batch) {
      // The handler has written its rows, and nothing of the final batch is there yet.
      fuse.pass('in a handler');
      const committed = await transaction.commit(batch);
      fuse.pass('after a commit, before its answer');
      return committed;
    },
  });
}

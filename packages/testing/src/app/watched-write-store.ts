import type { Claim, WriteBatch, WriteStore, WriteTransaction } from '@diptych/core';

/** Sees what an app commits. */
export interface BatchWatcher {
  /** What it throws is what the commit fails with. */
  before(batch: WriteBatch): void;
  after(batch: WriteBatch): void;
}

/** The same store, but for who looks on. */
export function watchedWriteStore<Native>(
  store: WriteStore<Native>,
  watcher: BatchWatcher,
): WriteStore<Native> {
  return {
    options: store.options,
    begin: async (options) => watchedTransaction(await store.begin(options), watcher),
    claim: async (key, options) => watchedClaim(await store.claim(key, options), watcher),
    async commit(batch) {
      watcher.before(batch);
      const committed = await store.commit(batch);
      watcher.after(batch);
      return committed;
    },
    loadStream: (stream, options) => store.loadStream(stream, options),
    findSettled: (key) => store.findSettled(key),
    moveDue: (partition, limit) => store.moveDue(partition, limit),
    forgetSettled: (limit) => store.forgetSettled(limit),
  };
}

function watchedClaim<Native>(claim: Claim<Native>, watcher: BatchWatcher): Claim<Native> {
  if (claim.state === 'settled') return claim;
  return { ...claim, transaction: watchedTransaction(claim.transaction, watcher) };
}

function watchedTransaction<Native>(
  transaction: WriteTransaction<Native>,
  watcher: BatchWatcher,
): WriteTransaction<Native> {
  return {
    native: transaction.native,
    rollback: () => transaction.rollback(),
    async commit(batch) {
      try {
        watcher.before(batch);
      } catch (error) {
        // A commit that throws leaves no transaction open.
        await transaction.rollback();
        throw error;
      }
      const committed = await transaction.commit(batch);
      watcher.after(batch);
      return committed;
    },
  };
}

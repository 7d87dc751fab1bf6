import type { Claim, WriteStore, WriteTransaction } from '@diptych/core';
import { storeWith } from './store-with.js';

/** What a process feels when it is killed: nothing, so nobody is meant to handle this. */
export class CrashedError extends Error {}

export interface CrashPlan {
  /** At which call on the store or its transaction the process dies, counted from 1. */
  readonly call: number;
  /** `after`: the store has done it, and the process never hears so. */
  readonly moment: 'before' | 'after';
}

/**
 * A store as a process sees it that dies at a certain call: from then on nothing more is done, rollbacks included,
 * and whatever is open stays open until the store itself ends it.
 */
export function crashingStore<Native>(store: WriteStore<Native>, plan: CrashPlan) {
  let calls = 0;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    calls++;
    if (calls > plan.call || (calls === plan.call && plan.moment === 'before')) throw new CrashedError();
    const answer = await work();
    if (calls >= plan.call) throw new CrashedError();
    return answer;
  };
  const watched = (transaction: WriteTransaction<Native>): WriteTransaction<Native> => ({
    native: transaction.native,
    commit: (batch) => step(() => transaction.commit(batch)),
    rollback: () => step(() => transaction.rollback()),
  });
  const watchedClaim = (claim: Claim<Native>): Claim<Native> =>
    claim.state === 'settled' ? claim : { state: 'claimed', transaction: watched(claim.transaction) };
  const crashing = storeWith(store, {
    begin: (options) => step(() => store.begin(options)).then(watched),
    claim: (key, options) => step(() => store.claim(key, options)).then(watchedClaim),
    commit: (batch) => step(() => store.commit(batch)),
    loadStream: (stream, options) => step(() => store.loadStream(stream, options)),
  });
  return { store: crashing, step, hasCrashed: () => calls >= plan.call };
}

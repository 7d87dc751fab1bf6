import type { Claim, ClaimOptions, WriteStore, WriteTransaction } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Stores } from '../stores.js';

/** That a command has run is written once it is committed, in a transaction of its own. */
export function inboxOutsideTheTransaction({ writeStore }: Stores): Pick<Stores, 'writeStore'> {
  return {
    writeStore: standIn(writeStore, {
      async claim(key, options): Promise<Claim> {
        const claim = await writeStore.claim(key, options);
        if (claim.state === 'settled') return claim;
        return { ...claim, transaction: markedAfterwards(claim.transaction, writeStore, options) };
      },
    }),
  };
}

function markedAfterwards(
  transaction: WriteTransaction,
  writeStore: WriteStore,
  options: ClaimOptions,
): WriteTransaction {
  return standIn(transaction, {
    async commit({ mark, ...batch }) {
      const committed = await transaction.commit(batch);
      if (mark === undefined) return committed;
      const claim = await writeStore.claim(mark.key, options);
      if (claim.state === 'claimed') await claim.transaction.commit({ entries: [], mark });
      return committed;
    },
  });
}

import type { Ownership } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Stores } from '../stores.js';

/** Whoever once owned a partition goes on writing, whatever its epoch. */
export function noFencing({ subscriptions }: Stores): Pick<Stores, 'subscriptions'> {
  const asIfOwner = async <T extends Ownership>(ownership: T): Promise<T> => {
    const states = await subscriptions.state(ownership.subscription);
    const { owner, epoch } = states.find(({ partition }) => partition === ownership.partition) ?? ownership;
    return { ...ownership, owner: owner ?? ownership.owner, epoch };
  };
  return {
    subscriptions: standIn(subscriptions, {
      async advance(moves) {
        const asked = moves.map(async (move) => ({ ...move, ownership: await asIfOwner(move.ownership) }));
        return subscriptions.advance(await Promise.all(asked));
      },
      async park(ownership, messages) {
        return subscriptions.park(await asIfOwner(ownership), messages);
      },
    }),
  };
}

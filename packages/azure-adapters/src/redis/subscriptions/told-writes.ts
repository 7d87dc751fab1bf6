import type { Ownership } from '@diptych/core';

/** How an owner knows its partition: under which epoch, and how often it has written. */
export interface Told {
  readonly epoch: number;
  readonly writes: number;
}

const nothing: Told = { epoch: 0, writes: 0 };

/**
 * What owners in this process were told by the store. A server that knows of fewer writes has lost some, and what the
 * owner remembers is no longer what is there.
 */
export class ToldWrites {
  readonly #told = new Map<string, Told>();

  /** What the owner was last told of the partition, under whatever epoch. */
  last(of: Omit<Ownership, 'epoch'>): Told {
    return this.#told.get(placeOf(of)) ?? nothing;
  }

  /** How many writes the server must know of. */
  writes(ownership: Ownership): number {
    const { epoch, writes } = this.last(ownership);
    return epoch === ownership.epoch ? writes : 0;
  }

  /** Answers may come in another order than they were given. */
  note(ownership: Ownership, writes: number): void {
    const last = this.last(ownership);
    const { epoch } = ownership;
    if (last.epoch > epoch || (last.epoch === epoch && last.writes >= writes)) return;
    this.#told.set(placeOf(ownership), { epoch, writes });
  }
}

function placeOf({ subscription, partition, owner }: Omit<Ownership, 'epoch'>): string {
  return JSON.stringify([subscription, partition, owner]);
}

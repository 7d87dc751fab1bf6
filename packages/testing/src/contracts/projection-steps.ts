import type { ProjectionRegistration } from '@diptych/core';
import { expect } from 'vitest';
import type { ProjectionWorld } from './projection-world.js';

/** After this long the lease of a process that has died is over. */
export const leaseOverInMs = 3_500;

/** Events of several streams, in several partitions, that touch documents of their own and one together. */
export async function writeSome(world: ProjectionWorld, rounds = 3): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (const stream of ['a', 'b', 'c', 'd']) {
      await world.write(stream, { documents: [stream, 'all'], amount: round });
    }
  }
}

export async function expectFolded(
  world: ProjectionWorld,
  projection: ProjectionRegistration,
): Promise<void> {
  expect(await world.served(projection)).toEqual(await world.folded());
}

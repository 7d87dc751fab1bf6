import type { Clock } from '@diptych/core';
import { inTime } from './in-time.js';

/** How long the broker may take to say that something is closed, in milliseconds. */
const closingLimitInMs = 5_000;

/**
 * Waits for something of the SDK's to be closed, and no longer than a broker that is there needs: where the connection
 * breaks meanwhile, the SDK's own promise never ends (rhea-promise 3 does not settle `Link.close()` on `disconnected`).
 * What was not closed goes with the connection, and a session's lock with its time.
 */
export async function closed(clock: Clock, closing: Promise<unknown>): Promise<void> {
  await inTime(clock, closingLimitInMs, closing);
}

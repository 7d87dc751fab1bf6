import { setTimeout as wait } from 'node:timers/promises';

/** What comes of it, or `undefined` when that takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const waiting = new AbortController();
  const tooLong = wait(ms, undefined, { signal: waiting.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    waiting.abort();
  }
}

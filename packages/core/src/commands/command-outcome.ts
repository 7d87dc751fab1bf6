import { type Clock, sleep } from '../clock/clock.js';
import type { SettledCommand } from '../unit-of-work/inbox.js';
import type { WriteStore } from '../unit-of-work/write-store.js';

/** A command that was sent, and not waited for. */
export interface SentCommandId {
  readonly tenant: string;
  readonly wireName: string;
  readonly messageId: string;
}

/** What has become of a sent command; `undefined` while it has not run, or when it is not remembered (any more). */
export function findOutcome(
  writeStore: WriteStore,
  sent: SentCommandId,
): Promise<SettledCommand | undefined> {
  const { tenant, wireName, messageId } = sent;
  return writeStore.findSettled({ tenant, handler: `command:${wireName}`, scope: '', id: messageId });
}

export interface WaitForOutcomeOptions {
  readonly clock: Clock;
  readonly timeoutInMs: number;
  /** Default 100 ms. */
  readonly pollInMs?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** As `findOutcome`, but waits until there is one, or the time is over. */
export async function waitForOutcome(
  writeStore: WriteStore,
  sent: SentCommandId,
  { clock, timeoutInMs, pollInMs = 100, abortSignal }: WaitForOutcomeOptions,
): Promise<SettledCommand | undefined> {
  const end = clock.now() + timeoutInMs;
  for (;;) {
    const found = await findOutcome(writeStore, sent);
    const left = end - clock.now();
    if (found !== undefined || left <= 0 || abortSignal?.aborted) return found;
    await sleep(clock, Math.min(pollInMs, left), abortSignal);
  }
}

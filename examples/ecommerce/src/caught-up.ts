import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '@diptych/core';

// In the direction in which one thing leads to another: events to commands, commands to events again, and all of
// it to read models. What comes first is waited for first, so that afterwards nothing new can come of it.
const flow = ['event-handler', 'commands', 'relay', 'projection'] as const;
const pollInMs = 20;

/** Some messages could not be handled, and wait for an operator. */
export class NotCaughtUpError extends Error {}

/**
 * Resolves when the effects of all commands that have run are in every read model, or when the signal is aborted.
 * @throws NotCaughtUpError when something parked.
 */
export async function allCaughtUp(
  app: Pick<App, 'describe' | 'operations'>,
  abortSignal?: AbortSignal,
): Promise<void> {
  const { subscriptions } = app.describe();
  for (const kind of flow) {
    for (const { name } of subscriptions.filter((subscription) => subscription.kind === kind)) {
      while (!abortSignal?.aborted && (await app.operations.staleness(name)).entriesBehind > 0)
        await wait(pollInMs);
    }
  }
  const [first, ...others] = await app.operations.parked();
  if (first === undefined) return;
  const { name, subscription, failure } = first;
  throw new NotCaughtUpError(
    `${others.length + 1} messages are parked. The first is '${name}' in ${subscription}: ${failure?.message ?? 'it waits'}`,
  );
}

import {
  type App,
  anyone,
  command,
  commandHandler,
  createApp,
  type EventHandlerRegistration,
  event,
  eventHandler,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import type { Work } from '../harness/work.js';

export interface JournalledOptions {
  /** How many types of events have a handler. The last of them is driven. */
  readonly width: number;
  /** Whether all handlers belong to one subscription, or each to its own. */
  readonly subscriptions: 'one' | 'one each';
}

class Announce extends command('bench.Announce') {}

/**
 * A running app in memory whose command appends one event. A call resolves when the event's handler is done: after
 * the commit, the wake-up, the read of the journal, and a unit of work for the handler.
 */
export async function journalledEvents(
  work: Work,
  { width, subscriptions }: JournalledOptions,
): Promise<{ readonly call: () => Promise<void>; readonly app: App }> {
  let heard = () => {};
  const types = Array.from({ length: width }, (_, n) => class extends event(`bench.Placed${n}`) {});
  const Placed = types.at(-1)!;
  const handlers = types.map((type, n): EventHandlerRegistration => {
    const name = subscriptions === 'one' ? 'announced' : `announced-${n}`;
    return eventHandler(type, { name }, async () => {
      await work.handle();
      heard();
    });
  });
  const announce = commandHandler(Announce, { authorize: anyone }, (_command, { session }) => {
    session.append(`stream-${work.handled}`, 'any', [new Placed()]);
  });
  const app = await createApp({
    name: 'bench',
    handlers: [announce, ...handlers],
    database: memoryDatabase(),
  });
  await app.start();
  return {
    app,
    async call() {
      const done = new Promise<void>((resolve) => {
        heard = resolve;
      });
      await app.commands.execute(new Announce());
      await done;
    },
  };
}

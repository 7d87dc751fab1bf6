import { event, UnjournalledEvents } from '@diptych/core';
import type { Work } from '../harness/work.js';

/** Our in-process notifications with so many registered types, one handler each; the last of them is driven. */
export function ourNotifications(work: Work, width: number): () => Promise<void> {
  const events = new UnjournalledEvents();
  const types = Array.from({ length: width }, (_, n) => class extends event(`bench.Placed${n}`) {});
  for (const type of types) events.on(type, work.handle);
  const Placed = types.at(-1)!;
  return () => events.publish(new Placed());
}

import type { Broker } from '../queues/broker.js';

interface MayBeIdle {
  readonly settings: { readonly autoDeleteOnIdleInMs: number };
  readonly lastUsedAt: number;
  /** How many links are open; one that waits for messages uses the entity. */
  readonly openLinks: number;
  readonly isDeleted: boolean;
}

/** Settings may change at any time: no wait is longer than a day. */
const longestWaitInMs = 86_400_000;

/** Deletes an entity that nobody has used for as long as its settings say. */
export function watchIdle(broker: Broker, entity: MayBeIdle, remove: () => void): void {
  if (entity.isDeleted) return;
  const { clock, deadlines } = broker;
  const lastUsedAt = entity.openLinks > 0 ? clock.now() : entity.lastUsedAt;
  const end = lastUsedAt + entity.settings.autoDeleteOnIdleInMs;
  const next = Math.min(end, clock.now() + longestWaitInMs);
  if (end <= clock.now()) remove();
  else deadlines.set(next, () => watchIdle(broker, entity, remove));
}

import type { Position } from '../../partitions/position.js';
import type { ParkedMessage } from '../../subscriptions/parked-message.js';
import type { SubscriptionStore } from '../../subscriptions/subscription-store.js';

/**
 * The heads of the keys that a new copy has parked although the old copy is beyond them: queries would see an older
 * document, or none, after a switch. What the old one has not come to either does not count.
 */
export async function parkedOnlyIn(
  subscriptions: SubscriptionStore,
  next: string,
  old: string,
): Promise<readonly ParkedMessage[]> {
  const [inNext, inOld, states] = await Promise.all([
    subscriptions.listParked({ subscription: next }),
    subscriptions.listParked({ subscription: old }),
    subscriptions.state(old),
  ]);
  const heads = headsOf(inOld);
  const checkpoints = new Map(states.map(({ partition, checkpoint }) => [partition, checkpoint?.position]));
  return [...headsOf(inNext).values()].filter(({ partition, key, position }) => {
    const oldHead = heads.get(queueOf(partition, key));
    if (oldHead !== undefined) return position < oldHead.position;
    return isReached(checkpoints.get(partition), position);
  });
}

/** What operators have discarded in the old copy since is discarded in the new one as well. Resolves how much was. */
export async function passOnDiscards(
  subscriptions: SubscriptionStore,
  next: string,
  old: string,
  heads: readonly ParkedMessage[],
): Promise<number> {
  const discarded = await subscriptions.discarded(old);
  let passedOn = 0;
  for (const { partition, key, position, state } of heads) {
    const isDiscarded = discarded.some(
      (one) => one.partition === partition && one.key === key && one.position === position,
    );
    if (!isDiscarded || state === 'discarding') continue;
    const answer = await subscriptions.requestDiscard({ subscription: next, partition, key, position });
    if (answer === 'requested') passedOn++;
  }
  return passedOn;
}

function isReached(checkpoint: Position | undefined, position: Position): boolean {
  return checkpoint !== undefined && position <= checkpoint;
}

function headsOf(parked: readonly ParkedMessage[]): ReadonlyMap<string, ParkedMessage> {
  const heads = new Map<string, ParkedMessage>();
  for (const message of parked) {
    const queue = queueOf(message.partition, message.key);
    const head = heads.get(queue);
    if (head === undefined || message.position < head.position) heads.set(queue, message);
  }
  return heads;
}

function queueOf(partition: number, key: string): string {
  return `${partition} ${key}`;
}

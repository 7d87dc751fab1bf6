import type { Operations, ParkedMessage, ParkedState } from '@diptych/core';
import type { ParkedHead } from '../page/browser/operations/snapshot.js';

const heads: readonly ParkedState[] = ['held', 'delayed', 'ready', 'discarding'];
/** Of one subscription, in each state. */
const maxHeads = 20;
const maxWaiting = 5_000;

/** The first messages that a subscription could not handle, each with how many wait behind it. */
export async function parkedHeads(
  operations: Pick<Operations, 'parked'>,
  subscription: string,
): Promise<readonly ParkedHead[]> {
  const found = await Promise.all(
    heads.map((state) => operations.parked({ subscription, state, limit: maxHeads })),
  );
  const shown = found.flat().slice(0, maxHeads);
  if (shown.length === 0) return [];
  const waiting = await operations.parked({ subscription, state: 'waiting', limit: maxWaiting });
  const behind = new Map<string, number>();
  for (const one of waiting) behind.set(queueOf(one), (behind.get(queueOf(one)) ?? 0) + 1);
  return shown.map((head) => headOf(head, behind.get(queueOf(head)) ?? 0));
}

function queueOf({ partition, key }: ParkedMessage): string {
  return `${partition} ${key}`;
}

function headOf(message: ParkedMessage, waiting: number): ParkedHead {
  const { subscription, partition, key, position, name, state, parkedAt, dueAt, failure } = message;
  return {
    subscription,
    partition,
    key,
    position,
    message: name,
    state,
    parkedAt,
    dueAt: dueAt ?? null,
    code: failure?.code ?? '',
    failure: failure?.message ?? '',
    attempts: failure?.attempts ?? 0,
    waiting,
  };
}

import {
  type NewParkedMessage,
  type ParkedFailure,
  type ParkedMessage,
  type ParkedState,
  restored,
  stored,
} from '@diptych/core';
import { keyIdOf, type ParkedItem, parkedId } from './subscription-items.js';

/** Where a message comes to stand that is to be parked. */
export interface ParkedPlace {
  readonly subscription: string;
  readonly partition: number;
  readonly place: number;
  readonly isHead: boolean;
}

/** As a message is parked. Of itself a head without a failure runs at once, one with a delay later, others are held. */
export function parkedItem(message: NewParkedMessage, at: ParkedPlace, now: number): ParkedItem {
  const { key, position, messageId, name, copy, failure } = message;
  const dueAt = dueAtOf(failure, now);
  const freeAt = failure === undefined ? 0 : dueAt;
  return {
    id: parkedId(at.partition, key, position),
    subscription: stored(at.subscription),
    kind: 'parked',
    partition: at.partition,
    key: stored(key),
    keyId: keyIdOf(key),
    position,
    place: at.place,
    messageId: stored(messageId),
    name: stored(name),
    copy: copy === undefined ? null : JSON.stringify(copy),
    failure: failure === undefined ? null : JSON.stringify(failure),
    parkedAt: now,
    dueAt,
    isHead: at.isHead,
    runAt: at.isHead ? freeAt : null,
    wish: null,
    wishId: null,
  };
}

/** The head failed again. An operator who wants it gone still does; one who wanted it tried has had that. */
export function failedAgain(item: ParkedItem, failure: ParkedFailure, now: number): ParkedItem {
  const dueAt = dueAtOf(failure, now);
  const isUnwanted = item.wish === 'discard';
  return {
    ...item,
    failure: JSON.stringify(failure),
    dueAt,
    runAt: isUnwanted ? 0 : dueAt,
    wish: isUnwanted ? 'discard' : null,
  };
}

export function parkedMessage(item: ParkedItem, now: number): ParkedMessage {
  const { partition, position, copy, failure, parkedAt, dueAt } = item;
  return {
    key: restored(item.key),
    position,
    messageId: restored(item.messageId),
    name: restored(item.name),
    ...(copy !== null && { copy: JSON.parse(copy) }),
    failure: failure === null ? undefined : failureOf(failure),
    subscription: restored(item.subscription),
    partition,
    state: stateOf(item, now),
    parkedAt: new Date(parkedAt).toISOString(),
    dueAt: dueAt === null ? undefined : new Date(dueAt).toISOString(),
  };
}

function stateOf({ isHead, wish, runAt }: ParkedItem, now: number): ParkedState {
  if (!isHead) return 'waiting';
  if (wish === 'discard') return 'discarding';
  if (runAt === null) return 'held';
  return runAt <= now ? 'ready' : 'delayed';
}

function dueAtOf(failure: ParkedFailure | undefined, now: number): number | null {
  return failure?.delayInMs === undefined ? null : now + failure.delayInMs;
}

// What was undefined is absent in JSON.
function failureOf(json: string): ParkedFailure {
  const { code, message, attempts, delayInMs } = JSON.parse(json) as ParkedFailure;
  return { code, message, attempts, delayInMs };
}

import type { Dictionary } from 'rhea';
import { badRequest } from '../errors/service-bus-error.js';
import type { MessageQueue } from '../queues/message-queue.js';
import type { MessageLock } from '../queues/stored-message.js';

/** What a client says of a delivery, by the fields of AMQP's outcomes. */
export interface Outcome {
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: Dictionary<unknown>;
  readonly error?: { readonly condition: string; readonly info?: Dictionary<unknown> };
}

export type OutcomeName = 'accepted' | 'released' | 'modified' | 'rejected';

/** Does what the outcome asks for. Throws `message-lock-lost` when the lock is no more. */
export function settle(queue: MessageQueue, token: string, name: OutcomeName, outcome: Outcome): void {
  const lock = queue.locks.get(token);
  const annotations = outcome.message_annotations ?? {};
  if (name === 'accepted') queue.complete(lock);
  else if (name === 'released') queue.release(lock);
  else if (name === 'rejected') deadLetter(queue, lock, outcome);
  else if (outcome.undeliverable_here) queue.defer(lock, annotations);
  else queue.abandon(lock, annotations);
}

function deadLetter(queue: MessageQueue, lock: MessageLock, outcome: Outcome): void {
  const { condition, info = {} } = outcome.error ?? {};
  if (condition !== undefined && condition !== 'com.microsoft:dead-letter') {
    throw badRequest(`A message cannot be rejected with '${condition}'.`);
  }
  const { DeadLetterReason: reason, DeadLetterErrorDescription: description, ...changes } = info;
  queue.deadLetter(lock, asText(reason), asText(description), changes);
}

const asText = (value: unknown): string | undefined => (value == null ? undefined : String(value));

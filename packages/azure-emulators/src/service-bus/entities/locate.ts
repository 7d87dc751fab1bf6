import { badRequest, entityNotFound } from '../errors/service-bus-error.js';
import type { MessageQueue } from '../queues/message-queue.js';
import { parseAddress } from './entity-address.js';
import type { Namespace } from './namespace.js';
import type { QueueEntity } from './queue-entity.js';
import { ReceivingEntity } from './receiving-entity.js';
import type { TopicEntity } from './topic-entity.js';

/** Where messages are received from. */
export interface ReceiveSource {
  readonly entity: ReceivingEntity;
  readonly queue: MessageQueue;
}

/** The queue or topic at an address. Throws `not-found` when there is none. */
export function locateTarget(namespace: Namespace, address: string): QueueEntity | TopicEntity {
  const { entity: name, subscription, subQueue } = parseAddress(address);
  const entity = namespace.entity(name);
  if (entity === undefined) throw entityNotFound(name);
  if (subscription !== undefined || subQueue !== undefined) {
    throw badRequest(`Messages cannot be sent to '${address}'.`);
  }
  return entity;
}

/** The queue, subscription or dead-letter queue at an address. Throws `not-found` when there is none. */
export function locateSource(namespace: Namespace, address: string): ReceiveSource {
  const { entity: name, subQueue } = parseAddress(address);
  const entity = entityAt(namespace, address);
  if (!(entity instanceof ReceivingEntity)) {
    throw badRequest(`Messages of the topic '${name}' are received from its subscriptions.`);
  }
  if (subQueue === 'dead-letter') return { entity, queue: entity.deadLetters };
  if (subQueue === 'transfer-dead-letter') return { entity, queue: entity.transferDeadLetters };
  return { entity, queue: entity.messages };
}

/**
 * Throws `not-found` for the address of an entity that does not exist. That of the namespace leads somewhere, and so do
 * those of its own nodes.
 */
export function assertLeadsSomewhere(namespace: Namespace, address: string): void {
  const { entity: name } = parseAddress(address);
  if (name !== '' && !name.startsWith('$')) entityAt(namespace, address);
}

function entityAt(namespace: Namespace, address: string) {
  const { entity: name, subscription } = parseAddress(address);
  const entity =
    subscription === undefined
      ? namespace.entity(name)
      : namespace.topic(name)?.subscriptions.get(subscription.toLowerCase());
  if (entity !== undefined) return entity;
  throw entityNotFound(subscription === undefined ? name : `${name}/Subscriptions/${subscription}`);
}

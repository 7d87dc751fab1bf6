import type { QueueEntity } from '../entities/queue-entity.js';
import type { ReceivingEntity } from '../entities/receiving-entity.js';
import {
  type EntityKind,
  readSettings,
  type SettingsByKind,
  writeSettings,
} from '../entities/setting-names.js';
import type { SubscriptionEntity } from '../entities/subscription-entity.js';
import type { TopicEntity } from '../entities/topic-entity.js';
import type { UsedEntity } from '../entities/used-entity.js';
import { instanceNamespace, serviceBusNamespace, type XmlElement } from './atom-xml.js';

const namespaces = { '@xmlns': serviceBusNamespace, '@xmlns:i': instanceNamespace };

const forwards = ['ForwardTo', 'ForwardDeadLetteredMessagesTo'];

/** What a request sets, over `base`. Entities to forward to come as URLs. */
export function settingsFrom<K extends EntityKind>(
  kind: K,
  description: XmlElement,
  base?: SettingsByKind[K],
): SettingsByKind[K] {
  const given = Object.fromEntries(
    Object.entries(description).map(([name, value]) => [
      name,
      forwards.includes(name) ? String(value).replace(/^[a-z]+:\/\/[^/]*\//i, '') : value,
    ]),
  );
  return readSettings(kind, given, base);
}

export function queueElement(queue: QueueEntity, host: string): XmlElement {
  const runtime = { SizeInBytes: String(queue.sizeInBytes), ...messageCounts(queue) };
  return { QueueDescription: { ...namespaces, ...common(queue, queue.settings, host), ...runtime } };
}

export function topicElement(topic: TopicEntity, host: string): XmlElement {
  const runtime = {
    SizeInBytes: String(topic.sizeInBytes),
    SubscriptionCount: String(topic.subscriptions.size),
    CountDetails: countDetails({ ScheduledMessageCount: topic.messages.table.counts.scheduled }),
  };
  return { TopicDescription: { ...namespaces, ...common(topic, topic.settings, host), ...runtime } };
}

export function subscriptionElement(subscription: SubscriptionEntity, host: string): XmlElement {
  const shown = { ...common(subscription, subscription.settings, host), ...messageCounts(subscription) };
  return { SubscriptionDescription: { ...namespaces, ...shown } };
}

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();

function common(entity: UsedEntity, settings: object, host: string): XmlElement {
  const written = Object.entries(writeSettings(settings))
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, forwards.includes(name) ? `sb://${host}/${value}` : value]);
  return {
    ...(Object.fromEntries(written) as Record<string, string>),
    EntityAvailabilityStatus: 'Available',
    CreatedAt: instant(entity.createdAt),
    UpdatedAt: instant(entity.updatedAt),
    AccessedAt: instant(entity.lastUsedAt),
  };
}

function messageCounts({ messages, deadLetters, transferDeadLetters }: ReceivingEntity): XmlElement {
  const all = (queue: typeof messages) => {
    const { active, deferred, scheduled } = queue.table.counts;
    return active + deferred + scheduled;
  };
  const counts = {
    ActiveMessageCount: all(messages) - messages.table.counts.scheduled,
    DeadLetterMessageCount: all(deadLetters),
    ScheduledMessageCount: messages.table.counts.scheduled,
    TransferMessageCount: 0,
    TransferDeadLetterMessageCount: all(transferDeadLetters),
  };
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { MessageCount: String(total), CountDetails: countDetails(counts) };
}

/** Clients look for the one attribute of this element, to learn the prefix. */
function countDetails(counts: Readonly<Record<string, number>>): XmlElement {
  const elements = Object.entries(counts).map(([name, count]) => [`d2p1:${name}`, String(count)]);
  return {
    '@xmlns:d2p1': 'http://schemas.microsoft.com/netservices/2011/06/servicebus',
    ...(Object.fromEntries(elements) as Record<string, string>),
  };
}

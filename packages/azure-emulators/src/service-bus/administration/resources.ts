import type { Namespace } from '../entities/namespace.js';
import { QueueEntity } from '../entities/queue-entity.js';
import type { SubscriptionEntity } from '../entities/subscription-entity.js';
import type { TopicEntity } from '../entities/topic-entity.js';
import { badRequest, entityExists, entityNotFound, ServiceBusError } from '../errors/service-bus-error.js';
import type { Rule } from '../rules/rule.js';
import { type Entry, elementAt, type XmlElement } from './atom-xml.js';
import { queueElement, settingsFrom, subscriptionElement, topicElement } from './entity-xml.js';
import { ruleElement, ruleFrom } from './rule-xml.js';

/** A path of the administration API, as what can be done with what is there. */
export interface Resource {
  /** Nothing when there is none. */
  get(): Entry | undefined;
  put(kind: string, description: XmlElement, isUpdate: boolean): Entry;
  /** Throws `not-found` when there is none. */
  delete(): void;
}

/** What all entries need: where the server is. */
export interface Place {
  readonly namespace: Namespace;
  /** Host and port as the client knows them. */
  readonly host: string;
}

const idOf = ({ host }: Place, path: string) => `https://${host}/${path}`;

const entry = (place: Place, path: string, content: XmlElement): Entry => ({
  id: idOf(place, path),
  title: path.slice(path.lastIndexOf('/') + 1),
  content,
});

export const entityEntry = (place: Place, entity: QueueEntity | TopicEntity): Entry =>
  entry(
    place,
    entity.path,
    entity instanceof QueueEntity ? queueElement(entity, place.host) : topicElement(entity, place.host),
  );

export const subscriptionEntry = (place: Place, subscription: SubscriptionEntity): Entry =>
  entry(place, subscription.path, subscriptionElement(subscription, place.host));

export const ruleEntry = (place: Place, subscription: SubscriptionEntity, rule: Rule): Entry =>
  entry(place, `${subscription.path}/Rules/${rule.name}`, ruleElement(rule));

/** What an entity is made with and keeps for life. */
const fixed = ['requiresSession', 'requiresDuplicateDetection', 'enablePartitioning'] as const;

function change<T extends object>(
  entity: { settings: T; updatedAt: number; path: string },
  to: T,
  now: number,
) {
  const [before, after] = [entity.settings, to] as [Record<string, unknown>, Record<string, unknown>];
  const changed = fixed.filter((name) => before[name] !== after[name]);
  if (changed.length > 0) {
    throw badRequest(`SubCode=40000. ${changed.join(', ')} of '${entity.path}' cannot be changed.`);
  }
  Object.assign(entity.settings, to);
  entity.updatedAt = now;
}

export function entityResource(place: Place, name: string): Resource {
  const { namespace } = place;
  return {
    get() {
      const entity = namespace.entity(name);
      return entity && entityEntry(place, entity);
    },
    put(kind, description, isUpdate) {
      const now = namespace.broker.clock.now();
      const isQueue = kind === 'QueueDescription';
      if (!isQueue && kind !== 'TopicDescription')
        throw badRequest(`There is no entity of the kind ${kind}.`);
      const existing = isQueue ? namespace.queue(name) : namespace.topic(name);
      if (!isUpdate && namespace.entity(name) !== undefined) throw entityExists(name);
      if (!isUpdate) {
        const made = isQueue
          ? namespace.createQueue(name, settingsFrom('queue', description))
          : namespace.createTopic(name, settingsFrom('topic', description));
        return entityEntry(place, made);
      }
      if (existing === undefined) throw entityNotFound(name);
      if (existing instanceof QueueEntity) {
        change(existing, settingsFrom('queue', description, existing.settings), now);
      } else {
        change(existing, settingsFrom('topic', description, existing.settings), now);
      }
      return entityEntry(place, existing);
    },
    delete: () => namespace.delete(name),
  };
}

function topicAt({ namespace }: Place, name: string): TopicEntity {
  const topic = namespace.topic(name);
  if (topic === undefined) throw entityNotFound(name);
  return topic;
}

export function subscriptionAt(place: Place, topicName: string, name: string): SubscriptionEntity {
  const subscription = topicAt(place, topicName).subscriptions.get(name.toLowerCase());
  if (subscription === undefined) throw entityNotFound(`${topicName}/Subscriptions/${name}`);
  return subscription;
}

/** What `find` finds; nothing where the service knows no such entity. */
export function ifThere<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof ServiceBusError && error.condition === 'amqp:not-found') return undefined;
    throw error;
  }
}

export function subscriptionResource(place: Place, topicName: string, name: string): Resource {
  const { namespace } = place;
  const now = () => namespace.broker.clock.now();
  return {
    get: () => ifThere(() => subscriptionEntry(place, subscriptionAt(place, topicName, name))),
    put(_kind, description, isUpdate) {
      if (isUpdate) {
        const existing = subscriptionAt(place, topicName, name);
        change(existing, settingsFrom('subscription', description, existing.settings), now());
        return subscriptionEntry(place, existing);
      }
      const rule = elementAt(description, 'DefaultRuleDescription');
      const rules = rule && [ruleFrom(rule, String(rule.Name ?? '$Default'), now())];
      const settings = settingsFrom('subscription', description);
      const topic = topicAt(place, topicName);
      return subscriptionEntry(place, namespace.createSubscription(topic, name, settings, rules));
    },
    delete: () => namespace.deleteSubscription(topicAt(place, topicName), name),
  };
}

export function ruleResource(
  place: Place,
  topicName: string,
  subscriptionName: string,
  name: string,
): Resource {
  const subscription = () => subscriptionAt(place, topicName, subscriptionName);
  return {
    get() {
      const rule = ifThere(subscription)?.rule(name);
      return rule && ruleEntry(place, subscription(), rule);
    },
    put(_kind, description, isUpdate) {
      const rule = ruleFrom(description, name, place.namespace.broker.clock.now());
      if (isUpdate) subscription().replaceRule(rule);
      else subscription().addRule(rule);
      return ruleEntry(place, subscription(), rule);
    },
    delete: () => subscription().removeRule(name),
  };
}

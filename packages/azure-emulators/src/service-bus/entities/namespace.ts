import { entityExists, entityNotFound, ServiceBusError } from '../errors/service-bus-error.js';
import type { MessageContent } from '../messages/message-content.js';
import type { Broker } from '../queues/broker.js';
import type { MessageOrigin } from '../queues/message-queue.js';
import type { Rule } from '../rules/rule.js';
import { SqlFilter } from '../rules/sql-filter.js';
import { assertChildName, assertEntityName } from './entity-names.js';
import type { QueueSettings, SubscriptionSettings, TopicSettings } from './entity-settings.js';
import { watchIdle } from './idle-deletion.js';
import { QueueEntity } from './queue-entity.js';
import type { Forward } from './receiving-entity.js';
import { SubscriptionEntity } from './subscription-entity.js';
import { TopicEntity } from './topic-entity.js';

/** How many entities may pass a message on before it is a dead letter. */
const mostHops = 4;

/** The queues and topics there are. Names differ by more than the case of their letters. */
export class Namespace {
  private readonly entities = new Map<string, QueueEntity | TopicEntity>();

  constructor(readonly broker: Broker) {}

  /** By name; nothing when there is none. */
  entity(name: string): QueueEntity | TopicEntity | undefined {
    return this.entities.get(name.toLowerCase());
  }

  queue(name: string): QueueEntity | undefined {
    const entity = this.entity(name);
    return entity instanceof QueueEntity ? entity : undefined;
  }

  topic(name: string): TopicEntity | undefined {
    const entity = this.entity(name);
    return entity instanceof TopicEntity ? entity : undefined;
  }

  get queues(): QueueEntity[] {
    return [...this.entities.values()].filter((entity) => entity instanceof QueueEntity);
  }

  get topics(): TopicEntity[] {
    return [...this.entities.values()].filter((entity) => entity instanceof TopicEntity);
  }

  createQueue(name: string, settings: QueueSettings): QueueEntity {
    const queue = new QueueEntity(name, settings, this.broker, this.forward);
    return this.add(name, queue);
  }

  createTopic(name: string, settings: TopicSettings): TopicEntity {
    return this.add(name, new TopicEntity(name, settings, this.broker));
  }

  private add<T extends QueueEntity | TopicEntity>(name: string, entity: T): T {
    assertEntityName(name);
    if (this.entity(name) !== undefined) throw entityExists(name);
    this.entities.set(name.toLowerCase(), entity);
    this.broker.changes.changed();
    watchIdle(this.broker, entity, () => this.delete(name));
    return entity;
  }

  /** Without rules it gets all messages. */
  createSubscription(
    topic: TopicEntity,
    name: string,
    settings: SubscriptionSettings,
    rules: readonly Rule[] = [this.defaultRule()],
  ): SubscriptionEntity {
    assertChildName('subscription', name);
    const key = name.toLowerCase();
    const subscription = new SubscriptionEntity(topic.path, name, settings, this.broker, this.forward);
    if (topic.subscriptions.has(key)) throw entityExists(subscription.path);
    for (const rule of rules) subscription.addRule(rule);
    topic.subscriptions.set(key, subscription);
    this.broker.changes.changed();
    watchIdle(this.broker, subscription, () => this.deleteSubscription(topic, name));
    return subscription;
  }

  delete(name: string): void {
    const entity = this.entity(name);
    if (entity === undefined) throw entityNotFound(name);
    this.entities.delete(name.toLowerCase());
    entity.deleted();
    this.broker.changes.changed();
  }

  deleteSubscription(topic: TopicEntity, name: string): void {
    const subscription = topic.subscriptions.get(name.toLowerCase());
    if (subscription === undefined) throw entityNotFound(`${topic.path}/Subscriptions/${name}`);
    topic.subscriptions.delete(name.toLowerCase());
    subscription.deleted();
    this.broker.changes.changed();
  }

  private defaultRule(): Rule {
    return {
      name: '$Default',
      filter: new SqlFilter('1=1'),
      action: undefined,
      createdAt: this.broker.clock.now(),
    };
  }

  private readonly forward: Forward = (target, content: MessageContent, origin: MessageOrigin) => {
    const hops = (origin.hops ?? 0) + 1;
    if (hops > mostHops) return { refused: 'MaxTransferHopCountExceeded' };
    const entity = this.entity(target);
    if (entity === undefined) return { refused: 'ForwardingTargetNotFound' };
    try {
      entity.send([content], { ...origin, hops });
      return undefined;
    } catch (error) {
      if (error instanceof ServiceBusError) return { refused: error.condition };
      throw error;
    }
  };
}

import type { MessageContent } from '../messages/message-content.js';
import type { Broker } from '../queues/broker.js';
import { type MessageOrigin, MessageQueue } from '../queues/message-queue.js';
import type { TopicSettings } from './entity-settings.js';
import { type Sendable, sendAll } from './sendable.js';
import { SendingSide } from './sending-side.js';
import type { SubscriptionEntity } from './subscription-entity.js';
import { UsedEntity } from './used-entity.js';

/** A topic: passes what is sent to it on to its subscriptions. Only scheduled messages wait in it. */
export class TopicEntity extends UsedEntity implements Sendable {
  readonly sending: SendingSide;
  readonly messages: MessageQueue;
  readonly subscriptions = new Map<string, SubscriptionEntity>();

  constructor(
    path: string,
    readonly settings: TopicSettings,
    private readonly broker: Broker,
  ) {
    super(path, broker.clock);
    const behavior = {
      lockDurationInMs: 0,
      maxDeliveryCount: Number.POSITIVE_INFINITY,
      requiresSession: false,
      deadLettersExpired: false,
      timeToLiveInMs: () => Number.POSITIVE_INFINITY,
    };
    this.messages = new MessageQueue(path, behavior, broker, { due: (content) => this.publish(content, {}) });
    this.sending = new SendingSide(path, settings, () => this.sizeInBytes);
  }

  get sizeInBytes(): number {
    const all = [...this.subscriptions.values()];
    return all.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, this.messages.table.sizeInBytes);
  }

  override deleted(): void {
    super.deleted();
    this.messages.clear();
    for (const subscription of this.subscriptions.values()) subscription.deleted();
  }

  send(contents: readonly MessageContent[], origin: MessageOrigin = {}): number[] {
    this.touch();
    const to = { sending: this.sending, now: () => this.broker.clock.now() };
    return sendAll(contents, to, (content, scheduledFor) =>
      scheduledFor === undefined
        ? this.publish(content, origin)
        : this.messages.enqueue(content, { ...origin, scheduledFor }).sequenceNumber,
    );
  }

  private publish(content: MessageContent, origin: MessageOrigin): number {
    const sequenceNumber = this.messages.table.nextSequenceNumber();
    const limited = content.withTimeToLiveUpTo(this.settings.defaultMessageTimeToLiveInMs);
    for (const subscription of this.subscriptions.values()) {
      subscription.publish(limited, { enqueuedSequenceNumber: sequenceNumber, ...origin });
    }
    return sequenceNumber;
  }
}

import type { MessageContent } from '../messages/message-content.js';
import type { Broker } from '../queues/broker.js';
import { type MessageOrigin, MessageQueue } from '../queues/message-queue.js';
import type { QueueBehavior } from '../queues/queue-behavior.js';
import type { StoredMessage } from '../queues/stored-message.js';
import type { QueueSettings, SubscriptionSettings } from './entity-settings.js';
import { UsedEntity } from './used-entity.js';

type ReceivingSettings = QueueSettings | SubscriptionSettings;

/** Sends a message on to another entity, or says why that cannot be. */
export type Forward = (
  target: string,
  content: MessageContent,
  origin: MessageOrigin,
) => { refused: string } | undefined;

/** What a queue and a subscription have in common: messages to receive, and where those go that nobody could. */
export class ReceivingEntity extends UsedEntity {
  readonly messages: MessageQueue;
  readonly deadLetters: MessageQueue;
  readonly transferDeadLetters: MessageQueue;

  constructor(
    path: string,
    readonly settings: ReceivingSettings,
    broker: Broker,
    private readonly forward: Forward,
  ) {
    super(path, broker.clock);
    const due = (content: MessageContent) => this.accept(content);
    const deadLetter = (message: StoredMessage, reason?: string, description?: string) =>
      this.deadLetter(message, reason, description);
    const subQueue = (name: string) =>
      new MessageQueue(`${path}/${name}`, subQueueBehavior(settings), broker, { due });
    this.messages = new MessageQueue(path, behaviorOf(settings), broker, { due, deadLetter });
    this.deadLetters = subQueue('$DeadLetterQueue');
    this.transferDeadLetters = subQueue('$Transfer/$DeadLetterQueue');
  }

  get sizeInBytes(): number {
    return this.messages.table.sizeInBytes + this.deadLetters.table.sizeInBytes;
  }

  override deleted(): void {
    super.deleted();
    for (const queue of [this.messages, this.deadLetters, this.transferDeadLetters]) queue.clear();
  }

  /** Takes in a message, or passes it on. */
  accept(content: MessageContent, origin: MessageOrigin = {}): StoredMessage | undefined {
    const { forwardTo } = this.settings;
    if (forwardTo === '' || origin.scheduledFor !== undefined) return this.messages.enqueue(content, origin);
    const failure = this.forward(forwardTo, content, origin);
    if (failure === undefined) return undefined;
    const reason = {
      DeadLetterReason: failure.refused,
      DeadLetterErrorDescription: `Could not forward to '${forwardTo}'.`,
    };
    this.transferDeadLetters.enqueue(content.withApplicationProperties(reason), origin);
    return undefined;
  }

  /** Puts a message straight where nobody can receive it by chance. */
  acceptDead(
    content: MessageContent,
    reason: string | undefined,
    description: string | undefined,
    origin: MessageOrigin = {},
  ): void {
    const dead = content.withApplicationProperties({
      DeadLetterReason: reason,
      DeadLetterErrorDescription: description,
    });
    const { forwardDeadLetteredMessagesTo: target } = this.settings;
    const source = { ...origin, deadLetterSource: this.path };
    if (target !== '' && this.forward(target, dead, source) === undefined) return;
    this.deadLetters.enqueue(dead, origin);
  }

  private deadLetter(message: StoredMessage, reason?: string, description?: string): void {
    const { content, enqueuedSequenceNumber, deliveryCount, hops } = message;
    this.acceptDead(content, reason, description, { enqueuedSequenceNumber, deliveryCount, hops });
  }
}

const behaviorOf = (settings: ReceivingSettings): QueueBehavior => ({
  get lockDurationInMs() {
    return settings.lockDurationInMs;
  },
  get maxDeliveryCount() {
    return settings.maxDeliveryCount;
  },
  get requiresSession() {
    return settings.requiresSession;
  },
  timeToLiveInMs: (own) => Math.min(own, settings.defaultMessageTimeToLiveInMs),
  get deadLettersExpired() {
    return settings.deadLetteringOnMessageExpiration;
  },
});

/** Dead letters neither expire nor belong to sessions any more. */
const subQueueBehavior = (settings: ReceivingSettings): QueueBehavior => ({
  get lockDurationInMs() {
    return settings.lockDurationInMs;
  },
  maxDeliveryCount: Number.POSITIVE_INFINITY,
  requiresSession: false,
  timeToLiveInMs: () => Number.POSITIVE_INFINITY,
  deadLettersExpired: false,
});

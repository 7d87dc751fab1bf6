import {
  badRequest,
  entityDisabled,
  messageTooLarge,
  notAllowed,
  quotaExceeded,
} from '../errors/service-bus-error.js';
import type { MessageContent } from '../messages/message-content.js';
import { DuplicateDetection } from './duplicate-detection.js';
import type { QueueSettings, TopicSettings } from './entity-settings.js';

const longestIdLength = 128;

/** What an entity asks of messages that are sent to it. */
export class SendingSide {
  private readonly duplicates = new DuplicateDetection();

  constructor(
    private readonly path: string,
    private readonly settings: QueueSettings | TopicSettings,
    private readonly sizeInBytes: () => number,
  ) {}

  get maxMessageSizeInBytes(): number {
    return this.settings.maxMessageSizeInKilobytes * 1024;
  }

  /** Throws where sending is switched off. */
  assertEnabled(): void {
    const { status } = this.settings;
    if (status === 'Disabled' || status === 'SendDisabled') throw entityDisabled(this.path);
  }

  /** Throws what the service would refuse a message with. */
  assertAcceptable(content: MessageContent): void {
    this.assertEnabled();
    const { settings } = this;
    const { sessionId, partitionKey, messageId, sizeInBytes } = content;
    if (sizeInBytes > this.maxMessageSizeInBytes) {
      throw messageTooLarge(sizeInBytes, this.maxMessageSizeInBytes);
    }
    if ('requiresSession' in settings && settings.requiresSession && sessionId === undefined) {
      throw notAllowed(`The entity '${this.path}' takes only messages with a session id.`);
    }
    if (sessionId !== undefined && partitionKey !== undefined && sessionId !== partitionKey) {
      throw notAllowed('The partition key of a message with a session id must be that id.');
    }
    for (const id of [sessionId, partitionKey, messageId]) {
      if (id !== undefined && id.length > longestIdLength) {
        throw badRequest(`An id of the message has ${id.length} letters; the limit is ${longestIdLength}.`);
      }
    }
    if (this.sizeInBytes() + sizeInBytes > settings.maxSizeInMegabytes * 1024 * 1024) {
      throw quotaExceeded(`The entity '${this.path}' has reached its size limit.`);
    }
  }

  /** Whether the message was taken in before, as far as the entity looks for that. */
  isDuplicate(content: MessageContent, now: number): boolean {
    const { requiresDuplicateDetection, duplicateDetectionHistoryTimeWindowInMs: window } = this.settings;
    if (!requiresDuplicateDetection) return false;
    const id = JSON.stringify([content.messageId, content.partitionKey]);
    return this.duplicates.isDuplicate(id, now, window);
  }
}

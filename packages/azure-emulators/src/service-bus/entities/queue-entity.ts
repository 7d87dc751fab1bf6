import type { MessageContent } from '../messages/message-content.js';
import type { Broker } from '../queues/broker.js';
import type { MessageOrigin } from '../queues/message-queue.js';
import type { QueueSettings } from './entity-settings.js';
import { type Forward, ReceivingEntity } from './receiving-entity.js';
import { type Sendable, sendAll } from './sendable.js';
import { SendingSide } from './sending-side.js';

/** A queue: what is sent to it is received from it. */
export class QueueEntity extends ReceivingEntity implements Sendable {
  readonly sending: SendingSide;

  constructor(
    path: string,
    override readonly settings: QueueSettings,
    private readonly broker: Broker,
    forward: Forward,
  ) {
    super(path, settings, broker, forward);
    this.sending = new SendingSide(path, settings, () => this.sizeInBytes);
  }

  send(contents: readonly MessageContent[], origin: MessageOrigin = {}): number[] {
    this.touch();
    const to = { sending: this.sending, now: () => this.broker.clock.now() };
    return sendAll(contents, to, (content, scheduledFor) => {
      const message = this.accept(content, { ...origin, ...(scheduledFor && { scheduledFor }) });
      return message?.sequenceNumber ?? 0;
    });
  }
}

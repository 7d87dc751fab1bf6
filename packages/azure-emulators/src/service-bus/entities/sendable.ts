import type { MessageContent } from '../messages/message-content.js';
import type { MessageOrigin, MessageQueue } from '../queues/message-queue.js';
import type { SendingSide } from './sending-side.js';

/** Where messages can be sent to: a queue or a topic. */
export interface Sendable {
  readonly path: string;
  readonly sending: SendingSide;
  /** Where its scheduled messages wait. */
  readonly messages: MessageQueue;
  /**
   * Takes in all of them or, with an error, none. Gives their sequence numbers; those of duplicates, which are
   * passed over, and of messages that went on elsewhere are 0.
   */
  send(contents: readonly MessageContent[], origin?: MessageOrigin): number[];
}

/** The one way in: checked together, then taken in one by one. */
export function sendAll(
  contents: readonly MessageContent[],
  to: { sending: SendingSide; now(): number },
  takeIn: (content: MessageContent, scheduledFor: number | undefined) => number,
): number[] {
  for (const content of contents) to.sending.assertAcceptable(content);
  const now = to.now();
  return contents.map((content) => {
    if (to.sending.isDuplicate(content, now)) return 0;
    const { scheduledFor } = content;
    return takeIn(content, scheduledFor !== undefined && scheduledFor > now ? scheduledFor : undefined);
  });
}

import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { Clock } from '@diptych/core';
import { closed } from './closing.js';
import { decodeMessage } from './message-codec.js';
import { serviceBusError } from './service-bus-errors.js';
import type { SessionSource } from './session-subscription.js';

/** A message that the broker, or we, put aside, and that nothing of ours explains. It stays where it is. */
export interface DeadLetter {
  readonly messageId: string;
  /** Why: one of `diptych-…`, or what the broker or another program said. */
  readonly reason: string;
  readonly description: string;
  readonly enqueuedAt: Date | undefined;
}

export interface Recovery {
  /** How many were ours: the journal has them, and subscriptions read there what they miss. They are gone now. */
  readonly settled: number;
  readonly left: readonly DeadLetter[];
}

const atOnce = 100;
const waitInMs = 1_000;

/**
 * Looks through a dead-letter queue. An entry of the journal is put aside when the broker has delivered it too often or
 * somebody let it expire: the chain shows the gap, and the journal fills it, in order. So it is not parked, which would
 * handle it twice; it is settled. What is none of ours stays for people to look at.
 */
export async function recoverDeadLetters(
  client: ServiceBusClient,
  source: SessionSource,
  { sources, clock }: { readonly sources: readonly string[] | undefined; readonly clock: Clock },
): Promise<Recovery> {
  const receiver = receiverOf(client, source);
  try {
    return await recoverAll(receiver, sources);
  } catch (error) {
    throw serviceBusError(error, 'look through a dead-letter queue');
  } finally {
    await closed(clock, receiver.close());
  }
}

function receiverOf(client: ServiceBusClient, source: SessionSource): ServiceBusReceiver {
  const options = { subQueueType: 'deadLetter', skipParsingBodyAsJson: true } as const;
  return source.topic === undefined
    ? client.createReceiver(source.queue, options)
    : client.createReceiver(source.topic, source.subscription, options);
}

async function recoverAll(
  receiver: ServiceBusReceiver,
  sources: readonly string[] | undefined,
): Promise<Recovery> {
  const [held, left]: [ServiceBusReceivedMessage[], DeadLetter[]] = [[], []];
  let settled = 0;
  for (;;) {
    const received = await receiver.receiveMessages(atOnce, { maxWaitTimeInMs: waitInMs });
    if (received.length === 0) break;
    for (const message of received) {
      if (isOurs(message, sources)) {
        await receiver.completeMessage(message);
        settled++;
      } else {
        held.push(message);
        left.push(deadLetterOf(message));
      }
    }
  }
  // Given back in the end: earlier, they would come again at once.
  for (const message of held) await receiver.abandonMessage(message);
  return { settled, left };
}

function isOurs(message: ServiceBusReceivedMessage, sources: readonly string[] | undefined): boolean {
  return 'message' in decodeMessage(message, Number(message.sessionId), sources);
}

function deadLetterOf(message: ServiceBusReceivedMessage): DeadLetter {
  const { messageId, deadLetterReason, deadLetterErrorDescription, enqueuedTimeUtc } = message;
  return {
    messageId: String(messageId ?? ''),
    reason: deadLetterReason ?? '',
    description: deadLetterErrorDescription ?? '',
    enqueuedAt: enqueuedTimeUtc,
  };
}

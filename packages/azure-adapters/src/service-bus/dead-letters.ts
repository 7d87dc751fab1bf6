import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { type Clock, type JournalReader, ProgrammingError } from '@diptych/core';
import { closed } from './closing.js';
import { inTime } from './in-time.js';
import { decodeMessage } from './message-codec.js';
import { serviceBusError } from './service-bus-errors.js';
import type { SessionSource } from './session-subscription.js';

/** A message that the broker, or we, put aside, and that no journal is known to have. It stays where it is. */
export interface DeadLetter {
  readonly messageId: string;
  /** Why: one of `diptych-…`, or what the broker or another program said. */
  readonly reason: string;
  readonly description: string;
  readonly enqueuedAt: Date | undefined;
}

export interface Recovery {
  /** How many were entries of a journal, where subscriptions read what they miss. They are gone now. */
  readonly settled: number;
  readonly left: readonly DeadLetter[];
}

export interface RecoveryOptions {
  /**
   * The journal that must have an entry before it is settled. Default: none, and whatever is of a program in the
   * transport's `sources` is settled; without those either, nothing can be told apart, and it is refused.
   */
  readonly reader?: Pick<JournalReader, 'entryAt'> | undefined;
}

/** What the transport adds. */
export interface RecoverySettings extends RecoveryOptions {
  readonly sources: readonly string[] | undefined;
  readonly clock: Clock;
}

const atOnce = 100;
const waitInMs = 1_000;
/** How long the broker may take to take back what stays, in milliseconds. Its lock ends by itself. */
const giveBackInMs = 5_000;
/** The reasons of what subscriptions of ours have put aside. */
const ourReason = /^diptych-/;

/**
 * Looks through a dead-letter queue. An entry of the journal is put aside when the broker has delivered it too often or
 * somebody let it expire: the chain shows the gap, and the journal fills it, in order. So it is not parked, which would
 * handle it twice; it is settled. What no journal has, and what one of ours has put aside, stays for people to look at.
 * @throws ProgrammingError `option-invalid` where nothing tells what is ours.
 */
export async function recoverDeadLetters(
  client: ServiceBusClient,
  source: SessionSource,
  settings: RecoverySettings,
): Promise<Recovery> {
  if (settings.reader === undefined && settings.sources === undefined)
    throw new ProgrammingError(
      'option-invalid',
      'What is ours cannot be told: give the journal as `reader`, or the transport `sources`.',
    );
  const receiver = receiverOf(client, source);
  try {
    return await recoverAll(receiver, settings);
  } catch (error) {
    throw serviceBusError(error, 'look through a dead-letter queue');
  } finally {
    await closed(settings.clock, receiver.close());
  }
}

function receiverOf(client: ServiceBusClient, source: SessionSource): ServiceBusReceiver {
  const options = { subQueueType: 'deadLetter', skipParsingBodyAsJson: true } as const;
  return source.topic === undefined
    ? client.createReceiver(source.queue, options)
    : client.createReceiver(source.topic, source.subscription, options);
}

async function recoverAll(receiver: ServiceBusReceiver, settings: RecoverySettings): Promise<Recovery> {
  const held: ServiceBusReceivedMessage[] = [];
  let settled = 0;
  try {
    for (;;) {
      const received = await receiver.receiveMessages(atOnce, { maxWaitTimeInMs: waitInMs });
      if (received.length === 0) break;
      const isSettled = await Promise.all(received.map((message) => settle(receiver, message, settings)));
      settled += isSettled.filter(Boolean).length;
      held.push(...received.filter((_message, index) => !isSettled[index]));
    }
  } finally {
    // Given back in the end: earlier, they would come again at once.
    const givenBack = held.map((message) => receiver.abandonMessage(message).catch(() => undefined));
    await inTime(settings.clock, giveBackInMs, Promise.all(givenBack));
  }
  return { settled, left: held.map(deadLetterOf) };
}

/** False for what stays. */
async function settle(
  receiver: ServiceBusReceiver,
  message: ServiceBusReceivedMessage,
  settings: RecoverySettings,
): Promise<boolean> {
  if (!(await isReadElsewhere(message, settings))) return false;
  await receiver.completeMessage(message);
  return true;
}

/** Whether a subscription that misses it reads it in the journal. */
async function isReadElsewhere(
  message: ServiceBusReceivedMessage,
  { reader, sources }: RecoverySettings,
): Promise<boolean> {
  if (ourReason.test(message.deadLetterReason ?? '')) return false;
  const decoded = decodeMessage(message, Number(message.sessionId), sources);
  if ('foreign' in decoded) return false;
  if (reader === undefined) return true;
  const { id, partition, position } = decoded.message.entry;
  return (await reader.entryAt(partition, position))?.id === id;
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

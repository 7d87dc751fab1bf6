import { applyConfig } from '../config/apply-config.js';
import type { EmulatorConfig } from '../config/emulator-config.js';
import { writeConfig } from '../config/write-config.js';
import type { Namespace } from '../entities/namespace.js';
import { MessageContent } from '../messages/message-content.js';
import type { MessageQueue } from '../queues/message-queue.js';
import type { MessageRecord, StoredMessage } from '../queues/stored-message.js';

/** All that a broker holds, as JSON. Locks are not in it: who held them is gone. */
export interface Snapshot {
  readonly version: 1;
  readonly config: EmulatorConfig;
  readonly queues: readonly QueueSnapshot[];
}

interface QueueSnapshot {
  readonly path: string;
  readonly lastSequenceNumber: number;
  readonly messages: readonly MessageSnapshot[];
  /** By session id, in base64. */
  readonly sessionStates: Readonly<Record<string, string>>;
}

type MessageSnapshot = Omit<MessageRecord, 'content'> & { readonly content: string };

export function takeSnapshot(namespace: Namespace): Snapshot {
  const queues = queuesOf(namespace).map(snapshotOf);
  return { version: 1, config: writeConfig(namespace), queues };
}

/** Brings everything back into an empty namespace. */
export function restoreSnapshot(namespace: Namespace, { config, queues }: Snapshot): void {
  applyConfig(namespace, config);
  const byPath = new Map(queuesOf(namespace).map((queue) => [queue.path, queue]));
  for (const { path, lastSequenceNumber, messages, sessionStates } of queues) {
    const queue = byPath.get(path);
    if (queue === undefined) continue;
    queue.table.continueAfter(lastSequenceNumber);
    for (const [id, state] of Object.entries(sessionStates))
      queue.sessions.setState(queue.sessions.of(id), Buffer.from(state, 'base64'));
    for (const { content, ...message } of messages) {
      const bytes = Buffer.from(content, 'base64');
      queue.add({ ...message, content: MessageContent.decode(bytes) });
    }
  }
}

function queuesOf({ queues, topics }: Namespace): readonly MessageQueue[] {
  const subscriptions = topics.flatMap((topic) => [...topic.subscriptions.values()]);
  return [
    ...topics.map(({ messages }) => messages),
    ...[...queues, ...subscriptions].flatMap(({ messages, deadLetters, transferDeadLetters }) => [
      messages,
      deadLetters,
      transferDeadLetters,
    ]),
  ];
}

function snapshotOf({ path, table, sessions }: MessageQueue): QueueSnapshot {
  const states = sessions.withState.map(({ id, state }) => [id, state!.toString('base64')] as const);
  return {
    path,
    lastSequenceNumber: table.lastGiven,
    messages: table.peek(0, Number.POSITIVE_INFINITY).map(messageOf),
    sessionStates: Object.fromEntries(states),
  };
}

function messageOf(message: StoredMessage): MessageSnapshot {
  const { sequenceNumber, enqueuedSequenceNumber, enqueuedAt, scheduledFor, deadLetterSource, hops } =
    message;
  const { state, deliveryCount, content } = message;
  return {
    sequenceNumber,
    enqueuedSequenceNumber,
    enqueuedAt,
    scheduledFor,
    deadLetterSource,
    hops,
    state,
    deliveryCount,
    content: content.encoded().toString('base64'),
  };
}

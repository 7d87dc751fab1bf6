import { encodeDelivery } from '../amqp/delivery-codec.js';
import { tokenBytes, tokenFromBytes } from '../amqp/lock-token.js';
import { locateSource, locateTarget, type ReceiveSource } from '../entities/locate.js';
import { badRequest, messageNotFound } from '../errors/service-bus-error.js';
import { types } from '../messages/amqp-types.js';
import { MessageContent } from '../messages/message-content.js';
import type { MessageQueue } from '../queues/message-queue.js';
import type { StoredMessage } from '../queues/stored-message.js';
import {
  binaryOf,
  integerOf,
  listOf,
  type ManagementRequest,
  type Operation,
  optionalTextOf,
} from './operation.js';

/** The most that one look gives. */
const mostPeeked = 250;

const timestamps = 0x83;
const longs = 0x81;

/** Where one can look: a topic too, in which scheduled messages wait. */
function queueToLookInto({ namespace, path }: ManagementRequest): MessageQueue {
  return namespace.topic(path)?.messages ?? locateSource(namespace, path).queue;
}

const sourceOf = ({ namespace, path }: ManagementRequest): ReceiveSource => locateSource(namespace, path);

const tokensOf = ({ body }: ManagementRequest) =>
  listOf(body, 'lock-tokens').map((token) => tokenFromBytes(binaryOf(token)));

function renewLock(request: ManagementRequest) {
  const { queue } = sourceOf(request);
  const locks = tokensOf(request).map((token) => queue.locks.get(token));
  if (queue.behavior.requiresSession)
    throw badRequest('The lock of a message of a session is renewed with it.');
  for (const { hold } of locks) hold.renew();
  const expirations = locks.map(({ hold }) => hold.until);
  return { expirations: types.wrap_array(expirations, timestamps, undefined) };
}

function peek(request: ManagementRequest) {
  const { body } = request;
  const from = integerOf(body['from-sequence-number'] ?? 0);
  const count = Math.min(integerOf(body['message-count'] ?? 1), mostPeeked);
  const sessionId = optionalTextOf(body, 'session-id');
  const messages = queueToLookInto(request).table.peek(from, count, sessionId);
  if (messages.length === 0) return undefined;
  const omitBody = body['omit-message-body'] === true;
  return { messages: messages.map((message) => ({ message: encodeDelivery(message, omitBody) })) };
}

function schedule({ namespace, path, body }: ManagementRequest) {
  const target = locateTarget(namespace, path);
  const contents = listOf(body, 'messages').map((entry) =>
    MessageContent.decode(binaryOf((entry as Record<string, unknown> | null)?.message)),
  );
  const numbers = target.send(contents);
  return { 'sequence-numbers': types.wrap_array(numbers, longs, undefined) };
}

function cancelScheduled({ namespace, path, body }: ManagementRequest) {
  const { messages } = locateTarget(namespace, path);
  const found = listOf(body, 'sequence-numbers').map((value) =>
    inState(messages, integerOf(value), 'scheduled'),
  );
  for (const message of found) messages.remove(message);
  return {};
}

function inState(queue: MessageQueue, sequenceNumber: number, state: StoredMessage['state']): StoredMessage {
  const message = queue.table.get(sequenceNumber);
  if (message?.state !== state || message.lock !== undefined) throw messageNotFound(sequenceNumber);
  return message;
}

function receiveBySequenceNumber(request: ManagementRequest) {
  const { body } = request;
  const { queue } = sourceOf(request);
  const sessionId = optionalTextOf(body, 'session-id');
  if (sessionId !== undefined) queue.sessions.held(sessionId);
  const deletes = integerOf(body['receiver-settle-mode'] ?? 1) === 0;
  const found = listOf(body, 'sequence-numbers').map((value) => inState(queue, integerOf(value), 'deferred'));
  const messages = found.map((message) => {
    const token = deletes ? Buffer.alloc(16) : tokenBytes(queue.lock(message).token);
    const bytes = encodeDelivery(message);
    if (deletes) queue.remove(message);
    return { message: bytes, 'lock-token': types.wrap_uuid(token) };
  });
  return { messages };
}

function updateDisposition(request: ManagementRequest) {
  const { body } = request;
  const { queue } = sourceOf(request);
  const locks = tokensOf(request).map((token) => queue.locks.get(token));
  const status = body['disposition-status'];
  const changes = (body['properties-to-modify'] ?? {}) as Record<string, unknown>;
  const reason = optionalTextOf(body, 'deadletter-reason');
  const description = optionalTextOf(body, 'deadletter-description');
  for (const lock of locks) {
    if (status === 'completed') queue.complete(lock);
    else if (status === 'abandoned') queue.abandon(lock, changes);
    else if (status === 'defered') queue.defer(lock, changes);
    else if (status === 'suspended') queue.deadLetter(lock, reason, description, changes);
    else throw badRequest(`There is no disposition '${String(status)}'.`);
  }
  return {};
}

/** What can be asked about messages, by the names of the operations. */
export const messageOperations: Readonly<Record<string, Operation>> = {
  'renew-lock': { rights: ['Listen'], perform: renewLock },
  'peek-message': { rights: ['Listen'], perform: peek },
  'schedule-message': { rights: ['Send'], perform: schedule },
  'cancel-scheduled-message': { rights: ['Send'], perform: cancelScheduled },
  'receive-by-sequence-number': { rights: ['Listen'], perform: receiveBySequenceNumber },
  'update-disposition': { rights: ['Listen'], perform: updateDisposition },
};

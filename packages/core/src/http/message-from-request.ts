import type { Command, MessageType, Query } from '../messages/message.js';
import { InvalidMessageError } from '../messages/schema.js';
import type { HttpApp, HttpMessage } from './http-app.js';
import { RequestError } from './request-errors.js';

/**
 * The message behind a wire name.
 * @throws RequestError `unknown-message`, the same for one that is internal as for one that is not there.
 */
export function findMessage(app: HttpApp, kind: 'command' | 'query', wireName: string): HttpMessage {
  const found = app.messages.find(kind, wireName);
  if (found?.reach === 'public') return found;
  throw new RequestError('unknown-message', `There is no ${kind} of this name.`);
}

/** @throws InvalidMessageError when the data does not fit; what the message's own constructor throws. */
export function makeMessage<M extends Command | Query>(type: MessageType, data: unknown): M {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new InvalidMessageError(type.wireName, [{ path: [], message: 'must be an object' }]);
  }
  return new type(data) as M;
}

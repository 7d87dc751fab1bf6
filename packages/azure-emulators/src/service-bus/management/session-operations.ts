import { locateSource } from '../entities/locate.js';
import { types } from '../messages/amqp-types.js';
import type { Sessions } from '../sessions/sessions.js';
import { binaryOf, integerOf, type ManagementRequest, type Operation, textOf } from './operation.js';

const sessionsOf = ({ namespace, path }: ManagementRequest): Sessions =>
  locateSource(namespace, path).queue.sessions;

const heldBy = (request: ManagementRequest) => sessionsOf(request).held(textOf(request.body, 'session-id'));

function renew(request: ManagementRequest) {
  const { hold } = heldBy(request).lock;
  hold.renew();
  return { expiration: types.wrap_timestamp(hold.until) };
}

/** The SDK has no null on the wire: these bytes are how it takes a state away. */
const nothing = Buffer.from('null');

function setState(request: ManagementRequest) {
  const value = request.body['session-state'];
  const state = value == null ? nothing : binaryOf(value);
  sessionsOf(request).setState(heldBy(request), state.equals(nothing) ? undefined : state);
  return {};
}

const getState = (request: ManagementRequest) => ({ 'session-state': heldBy(request).state ?? null });

function list(request: ManagementRequest) {
  const [skip, top] = [integerOf(request.body.skip ?? 0), integerOf(request.body.top ?? 100)];
  const ids = sessionsOf(request)
    .ids()
    .slice(skip, skip + top);
  return ids.length === 0 ? undefined : { skip, 'sessions-ids': ids };
}

/** What can be asked about sessions, by the names of the operations. */
export const sessionOperations: Readonly<Record<string, Operation>> = {
  'renew-session-lock': { rights: ['Listen'], perform: renew },
  'set-session-state': { rights: ['Listen'], perform: setState },
  'get-session-state': { rights: ['Listen'], perform: getState },
  'get-message-sessions': { rights: ['Listen'], perform: list },
};

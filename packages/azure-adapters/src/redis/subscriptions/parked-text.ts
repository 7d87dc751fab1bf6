import {
  type Discarded,
  type NewParkedMessage,
  type ParkedFailure,
  type ParkedMessage,
  type ParkedState,
  type Position,
  restored,
  stored,
} from '@diptych/core';

/** A message as scripts take it: key, position, body, failure and delay. */
export function parkedValues({
  key,
  position,
  messageId,
  name,
  copy,
  failure,
}: NewParkedMessage): readonly string[] {
  return [stored(key), position, bodyText(messageId, name, copy), ...failureValues(failure)];
}

export function failureValues(failure: ParkedFailure | undefined): readonly [failure: string, delay: string] {
  if (failure === undefined) return ['', ''];
  return [JSON.stringify(failure), failure.delayInMs === undefined ? '' : String(failure.delayInMs)];
}

/** With what the body of a message with that id begins. */
export function bodyBegin(messageId: string): string {
  return `[${JSON.stringify(messageId)},`;
}

type Copy = NewParkedMessage['copy'];

function bodyText(messageId: string, name: string, copy: Copy): string {
  const rest = copy === undefined ? [name] : [name, copy];
  return bodyBegin(messageId) + JSON.stringify(rest).slice(1);
}

/** A parked message as scripts tell of it. */
export type ParkedRow = readonly [
  id: string,
  state: ParkedState,
  parkedAt: string,
  dueAt: string,
  failure: string,
  body: string,
];

export function parkedIn(
  subscription: string,
  [id, state, parkedAt, dueAt, failure, body]: ParkedRow,
): ParkedMessage {
  const [messageId, name, copy] = JSON.parse(body) as [string, string, Copy?];
  return {
    ...addressIn(id),
    messageId,
    name,
    ...(copy !== undefined && { copy }),
    failure: failure === '' ? undefined : failureIn(failure),
    subscription,
    state,
    parkedAt: timeText(parkedAt),
    dueAt: dueAt === '' ? undefined : timeText(dueAt),
  };
}

/** What the id of a parked or discarded message says. */
export function addressIn(id: string): Discarded {
  const [position, partition] = id.split('|', 2) as [Position, string];
  return {
    partition: Number(partition),
    key: restored(id.slice(position.length + partition.length + 2)),
    position,
  };
}

// What was undefined is absent in JSON.
function failureIn(json: string): ParkedFailure {
  const { code, message, attempts, delayInMs } = JSON.parse(json) as ParkedFailure;
  return { code, message, attempts, delayInMs };
}

function timeText(ms: string): string {
  return new Date(Number(ms)).toISOString();
}

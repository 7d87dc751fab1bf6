import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { type JournalEntry, positionAt, type TransportMessage } from '@diptych/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageAt } from '../fixtures/messages.js';
import { decodeMessage, encodeMessage } from './message-codec.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const json = fc.json({ maxDepth: 3 });
const whole = fc.nat(2 ** 40);

const common = {
  id: text,
  name: text,
  schemaVersion: fc.nat(1_000),
  time: fc.constant('2030-01-01T00:00:00.000Z'),
  correlationId: text,
  causationId: text,
  tenant: text,
  subject: fc.record(
    { id: text, roles: fc.array(text, { maxLength: 4 }), delegated: fc.constant(true) },
    { requiredKeys: ['id', 'roles'] },
  ),
  source: text,
  data: json,
  partition: fc.nat(10_000),
  position: whole.map((row) => positionAt(row, 3)),
};
const traced = { traceparent: text, tracestate: text };
const required = Object.keys(common) as (keyof typeof common)[];

const event = fc.record(
  { ...common, ...traced, kind: fc.constant('event' as const), stream: text, version: whole },
  { requiredKeys: [...required, 'kind', 'stream', 'version'] },
);
const command = fc.record(
  { ...common, ...traced, kind: fc.constant('command' as const), key: text },
  { requiredKeys: [...required, 'kind', 'key'] },
);

/** What the SDK makes of a message that it has sent. */
function received(message: TransportMessage): ServiceBusReceivedMessage {
  return encodeMessage(message) as ServiceBusReceivedMessage;
}

test('every entry comes out as it went in', () => {
  const entries = fc.oneof(event, command) as fc.Arbitrary<JournalEntry>;
  const previous = fc.option(
    whole.map((row) => positionAt(row, 0)),
    { nil: undefined },
  );
  fc.assert(
    fc.property(
      fc.oneof(text, fc.string({ minLength: 120, maxLength: 140 })),
      entries,
      previous,
      (id, entry, before) => {
        const message = { id, entry, previous: before };
        expect(decodeMessage(received(message), entry.partition, undefined)).toEqual({ message });
      },
    ),
  );
});

test('subscribers who know nothing of us read a CloudEvent, and filter by its attributes', () => {
  const message = encodeMessage(messageAt(2, '{"a":1}', 7));
  expect(message).toMatchObject({
    sessionId: '7',
    subject: 'shop.OrderPlaced',
    contentType: 'application/json',
    body: Buffer.from('{"a":1}'),
    applicationProperties: {
      cloudEvents_specversion: '1.0',
      cloudEvents_id: 'event-2',
      cloudEvents_source: 'shop',
      cloudEvents_type: 'shop.OrderPlaced',
      cloudEvents_subject: 'order-1',
      cloudEvents_sequence: 2,
      cloudEvents_partition: 7,
      cloudEvents_previous: positionAt(1, 0),
    },
  });
});

test('an id that is longer than the broker takes travels as a hash of it, the same each time, and comes out as it went in', () => {
  const long = { ...messageAt(1), id: 'ß'.repeat(129) };
  const { messageId } = encodeMessage(long);
  expect(messageId).toMatch(/^[0-9a-f]{64}$/);
  expect(encodeMessage(long).messageId).toBe(messageId);
  expect(encodeMessage({ ...long, id: `${long.id}2` }).messageId).not.toBe(messageId);
  expect(decodeMessage(received(long), 0, undefined)).toEqual({ message: long });
  const longest = { ...long, id: 'x'.repeat(128) };
  expect(encodeMessage(longest).messageId).toBe(longest.id);
});

const good = received(messageAt(1));
const properties = good.applicationProperties!;
const without = (name: string) =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key !== `cloudEvents_${name}`));

test.each<[string, Partial<ServiceBusReceivedMessage>, string, RegExp]>([
  ['no attributes', { applicationProperties: undefined as never }, 'diptych-attribute', /cloudEvents_kind/],
  ['a missing type', { applicationProperties: without('type') }, 'diptych-attribute', /cloudEvents_type/],
  [
    'a wrong type of type',
    { applicationProperties: { ...properties, cloudEvents_type: 7 } },
    'diptych-attribute',
    /no text/,
  ],
  [
    'a broken position',
    { applicationProperties: { ...properties, cloudEvents_position: 'x' } },
    'diptych-attribute',
    /no position/,
  ],
  [
    'roles that are none',
    { applicationProperties: { ...properties, cloudEvents_subjectroles: '[1]' } },
    'diptych-attribute',
    /roles/,
  ],
  [
    'an unknown kind',
    { applicationProperties: { ...properties, cloudEvents_kind: 'reply' } },
    'diptych-kind',
    /'reply'/,
  ],
  ['a body that is not JSON', { body: Buffer.from('{') }, 'diptych-body', /not JSON/],
  ['a body that is a value of AMQP', { body: 'text' }, 'diptych-body', /one section/],
  [
    'another partition',
    { applicationProperties: { ...properties, cloudEvents_partition: 3 } },
    'diptych-partition',
    /partition 3/,
  ],
])('a message with %s is none of ours, and says why', (_what, changes, reason, description) => {
  expect(decodeMessage({ ...good, ...changes }, 0, undefined)).toEqual({
    foreign: { reason, description: expect.stringMatching(description) },
  });
});

test('a message of another program is not taken where programs are named', () => {
  expect(decodeMessage(good, 0, ['shop'])).toHaveProperty('message');
  expect(decodeMessage(good, 0, ['billing'])).toMatchObject({ foreign: { reason: 'diptych-source' } });
});

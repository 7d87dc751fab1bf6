import { bytesOf } from '@diptych/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type EmulatedEventGrid,
  emulatedEventGrid,
  hookKey,
  topic,
} from '../fixtures/emulated-event-grid.js';
import { messageAt } from '../fixtures/messages.js';
import { batchesOf, maxMessageBytes } from './batches.js';
import { eventGridNamespaceTransport } from './event-grid-namespace-transport.js';
import { eventGridTransport } from './event-grid-transport.js';
import { webHookOf } from './web-hook.js';

let world: EmulatedEventGrid;
beforeEach(async () => {
  world = await emulatedEventGrid();
});
afterEach(() => world.close());

describe('an event that is published', () => {
  test('is a CloudEvent, by whose attributes foreign subscribers may order', async () => {
    await world.grid.subscribe(topic, { name: 'foreign' });
    await world.transport.publish(topic, 3, [messageAt(2, '{"orderId":"1"}', 3)]);
    const response = await fetch(
      `${world.grid.endpoint}/topics/${topic}/eventsubscriptions/foreign:receive?maxWaitTime=0`,
      { method: 'POST', headers: { Authorization: `SharedAccessKey ${world.grid.key}` } },
    );
    const { value } = (await response.json()) as { value: readonly { readonly event: object }[] };
    expect(value[0]?.event).toMatchObject({
      specversion: '1.0',
      id: 'message-2',
      source: 'shop',
      type: 'shop.OrderPlaced',
      subject: 'order-1',
      partition: 3,
      position: messageAt(2).entry.position,
      previous: messageAt(1).entry.position,
      sequence: 2,
      data: { orderId: '1' },
    });
  });

  test('with a wrong key is refused with a reason, in which the key is not', async () => {
    const transport = eventGridTransport({ endpoint: world.grid.topicEndpoint(topic), key: 'not-the-key' });
    const refused = await transport.publish(topic, 0, [messageAt(1)]).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/key or credential/),
    });
    const error = refused as Error;
    expect(JSON.stringify([error, error.cause, error.message, String(error.cause)])).not.toContain(
      'not-the-key',
    );
  });
});

test('requests are as full as may be and never over the limit, and nothing is left out', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, (some) => {
      const messages = some.map((size, index) => messageAt(index + 1, JSON.stringify('x'.repeat(size))));
      const batches = [...batchesOf(messages)];
      expect(batches.flat()).toEqual(messages);
      for (const batch of batches)
        expect(batch.reduce((sum, message) => sum + bytesOf(message), 0)).toBeLessThan(1_048_576);
      for (const [index, batch] of batches.slice(1).entries()) {
        const before = [...batches[index]!, batch[0]!]
          .map(bytesOf)
          .reduce((sum, bytes) => sum + bytes + 1_024, 0);
        expect(before).toBeGreaterThan(1_048_576 - 2);
      }
    }),
    { numRuns: 30 },
  );
  expect(() => [...batchesOf([messageAt(1, JSON.stringify('x'.repeat(maxMessageBytes)))])]).toThrow(
    expect.objectContaining({ code: 'message-too-large' }),
  );
});

describe('the web hook', () => {
  const ask = (init: RequestInit & { readonly path?: string }) =>
    fetch(`${world.hookUrl}${init.path ?? `/?key=${hookKey}`}`, { method: 'POST', ...init });
  const event = { specversion: '1.0', id: '1', source: 'shop', type: 'x', partition: 1 };
  const body = JSON.stringify(event);

  test('takes nothing of a caller who has no key, a wrong one, or tries without any agreed', async () => {
    for (const path of ['/', '/?key=', '/?key=wrong']) {
      expect((await ask({ path, body })).status).toBe(401);
      expect((await ask({ path, method: 'OPTIONS' })).status).toBe(401);
    }
    const closed = webHookOf({ access: undefined, sources: undefined, onEvent: () => {} });
    expect((await closed(new Request('http://x/?key=', { method: 'POST', body }))).status).toBe(401);
  });

  test('takes the key from a header too, or a bearer token that is found right', async () => {
    expect((await ask({ path: '/', body, headers: { 'diptych-key': hookKey } })).status).toBe(200);
    const verify = async (token: string) => {
      if (token !== 'right') throw new Error('wrong');
    };
    const hook = webHookOf({ access: { verify }, sources: undefined, onEvent: () => {} });
    const status = async (Authorization: string) =>
      (await hook(new Request('http://x/', { method: 'POST', body, headers: { Authorization } }))).status;
    expect([await status('Bearer right'), await status('Bearer forged'), await status('right')]).toEqual([
      200, 401, 401,
    ]);
  });

  test('passes both handshakes', async () => {
    const options = await ask({
      method: 'OPTIONS',
      headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net' },
    });
    expect([options.status, options.headers.get('WebHook-Allowed-Origin')]).toEqual([
      200,
      'eventgrid.azure.net',
    ]);
    const endpointUrl = `${world.hookUrl}/?key=${hookKey}`;
    await world.grid.subscribe(topic, { name: 'own', endpointUrl, eventDeliverySchema: 'EventGridSchema' });
  });

  test('refuses for good what is none of ours, and says why', async () => {
    for (const [wrong, detail] of [
      ['{', /no list of events/],
      ['7', /no list of events/],
      [JSON.stringify({ ...event, data: 'x'.repeat(1_200_000) }), /too large/],
      [JSON.stringify({ ...event, partition: 'x' }), /no partition/],
      [JSON.stringify({ ...event, source: 'another' }), /'another'/],
    ] as const) {
      const response = await ask({ body: wrong });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ detail: expect.stringMatching(detail) });
    }
    expect((await ask({ method: 'PUT', body })).status).toBe(405);
  });

  test('an event of another program goes to the dead letters of the subscription', async () => {
    const { entry } = messageAt(1);
    await world.transport.publish(topic, 0, [{ ...messageAt(1), entry: { ...entry, source: 'another' } }]);
    await world.arrived();
    expect(world.grid.deadLetters(topic, 'hook')).toMatchObject([{ deadLetterReason: 'Undeliverable' }]);
  });

  test('whatever is posted, it answers, and never with a fault of its own', async () => {
    const hook = webHookOf({ access: { key: 'k' }, sources: undefined, onEvent: () => {} });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        const { status } = await hook(new Request('http://x/?key=k', { method: 'POST', body: text }));
        expect([200, 400]).toContain(status);
      }),
    );
  });
});

test('a process that nobody can call hears of events by pulling them from a namespace', async () => {
  await world.grid.subscribe(topic, { name: 'pulled' });
  const { endpoint, key } = world.grid;
  const transport = await eventGridNamespaceTransport({ endpoint, key, topic, subscription: 'pulled' });
  const subscription = await transport.subscribe();
  const heard = new Promise((resolve) => subscription.onArrival(resolve));
  await transport.publish(topic, 0, [messageAt(1)]);
  expect(await heard).toBeUndefined();
  expect(await subscription.accept(0)).toBeUndefined();
  await transport.close();
});

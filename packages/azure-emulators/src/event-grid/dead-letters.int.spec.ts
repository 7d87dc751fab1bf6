import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../clock/manual-clock.js';
import { FaultPlan } from '../faults/fault-plan.js';
import type { RunningEventGrid } from './event-grid-options.js';
import { startEventGrid } from './start-event-grid.js';

const clock = new ManualClock();
const faults = new FaultPlan();
let grid: RunningEventGrid;
let hook: Server;
let posts: number;
let status: number;

beforeEach(async () => {
  [posts, status] = [0, 500];
  hook = createServer((request, response) => {
    request.resume();
    const isHandshake = request.method === 'OPTIONS';
    if (!isHandshake) posts++;
    response.writeHead(isHandshake ? 200 : status, { 'WebHook-Allowed-Origin': '*' }).end();
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  grid = await startEventGrid({ clock, faults });
});
afterEach(async () => {
  faults.clear();
  await grid.stop();
  await new Promise((resolve) => hook.close(resolve));
});

const subscribe = (settings: object) => {
  const endpointUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  return grid.subscribe('orders', { name: 'hook', endpointUrl, ...settings });
};

async function publish(id = 'one'): Promise<void> {
  const event = { specversion: '1.0', id, source: '/spec', type: 'spec.Happened' };
  const response = await fetch(grid.topicEndpoint('orders'), {
    method: 'POST',
    headers: { 'aeg-sas-key': grid.key, 'Content-Type': 'application/cloudevents-batch+json' },
    body: JSON.stringify([event]),
  });
  expect(response.status).toBe(200);
  await grid.idle();
}

async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await grid.idle();
}

test('what is given up is kept with why and how often, where the subscription asks for that', async () => {
  await subscribe({ maxDeliveryAttempts: 2, deadLetter: true });
  await publish();
  await pass(10_000);
  expect(grid.deadLetters('orders', 'hook')).toEqual([
    {
      event: expect.objectContaining({ id: 'one' }),
      deadLetterReason: 'MaxDeliveryAttemptsExceeded',
      deliveryAttempts: 2,
      lastDeliveryOutcome: '500',
    },
  ]);
});

test('what is refused for good is kept at once, and what lived too long in the end', async () => {
  await subscribe({ eventTimeToLiveInMinutes: 1, deadLetter: true });
  status = 413;
  await publish();
  status = 503;
  await publish('two');
  await pass(10_000);
  await pass(30_000);
  expect(grid.deadLetters('orders', 'hook').map(({ deadLetterReason }) => deadLetterReason)).toEqual([
    'Undeliverable',
    'TimeToLiveExceeded',
  ]);
});

test('without that it is dropped, as is what the fault plan drops', async () => {
  await subscribe({ maxDeliveryAttempts: 1 });
  await publish();
  faults.add({ on: 'deliver', fault: 'drop', entity: 'hook', times: 1 });
  status = 200;
  await publish('two');
  expect(posts).toBe(1);
  expect(grid.deadLetters('orders', 'hook')).toEqual([]);
});

test('a topic that is throttled refuses, and one that sends twice sends twice', async () => {
  status = 200;
  await subscribe({});
  faults.add({ on: 'send', fault: 'throttle', times: 1 });
  await expect(publish()).rejects.toThrow('503');
  faults.add({ on: 'send', fault: 'duplicate', times: 1 });
  await publish();
  expect(posts).toBe(2);
});

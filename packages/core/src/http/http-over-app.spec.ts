import { testApp } from '@diptych/testing';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { commandHandler } from '../commands/command-handler.js';
import { hasRole } from '../handlers/policy.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { httpHandler } from './http-handler.js';

const seat = z.object({ seat: z.string().min(1) });
class Reserve extends command('hall.Reserve', seat).returns(z.string()) {}
class Reserved extends event('hall.Reserved', seat) {}

const reserve = commandHandler(Reserve, { authorize: hasRole('guest') }, ({ seat }, { session }) => {
  session.append(`seat-${seat}`, 'any', [new Reserved({ seat })]);
  return `${seat} is yours`;
});

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function hall(roles: readonly string[] = ['guest']) {
  const app = await testApp({ handlers: [reserve], messages: [Reserved] });
  running.push(app.stop);
  const handle = httpHandler({ app: app.app, identify: () => ({ subject: { id: 'ann', roles } }) });
  const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const response = await handle(
      new Request(`http://hall.test${path}`, {
        method,
        ...(body !== undefined && { body }),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    );
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const post = (body: string, headers?: Record<string, string>) =>
    ask('POST', '/commands/hall.Reserve', body, headers);
  return { app, ask, post };
}

const a1 = JSON.stringify({ seat: 'a1' });
const later = { prefer: 'respond-async' };

test('promise 4: one Idempotency-Key is one command, whether the caller waits for it or not', async () => {
  const { app, ask, post } = await hall();
  const key = { 'idempotency-key': 'k-1' };
  const first = await post(a1, key);
  expect(first).toMatchObject({ status: 200, body: { result: 'a1 is yours' } });
  expect(await post(a1, key)).toMatchObject({ status: 200, body: first.body });
  const accepted = await post(a1, { ...key, ...later });
  expect(accepted.status).toBe(202);
  await app.settled();
  expect(await app.recorded.events(Reserved)).toHaveLength(1);
  const status = await ask('GET', accepted.headers.get('location') ?? '');
  expect(status).toMatchObject({ status: 200, body: { state: 'done', result: 'a1 is yours' } });
  expect(await post(JSON.stringify({ seat: 'b2' }), key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency-mismatch' },
  });
});

test('promise 4: a key is its subject’s own', async () => {
  const { app, post } = await hall();
  const key = { 'idempotency-key': 'k-1' };
  await post(a1, key);
  const other = httpHandler({ app: app.app, identify: () => ({ subject: { id: 'bob', roles: ['guest'] } }) });
  const request = { method: 'POST', body: a1, headers: { 'content-type': 'application/json', ...key } };
  expect((await other(new Request('http://hall.test/commands/hall.Reserve', request))).status).toBe(200);
  expect(await app.recorded.events(Reserved)).toHaveLength(2);
});

test('promise 9: whoever may not, may not later either, and nothing is stored', async () => {
  const { app, post } = await hall(['stranger']);
  expect(await post(a1)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await post(a1, later)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  await app.settled();
  expect(await app.recorded.entries()).toEqual([]);
});

test.each([
  ['a message that fails its schema', '{"seat":""}', {}, 400, 'invalid-message'],
  ['malformed JSON', '{"seat":', {}, 400, 'malformed-json'],
  ['a body over 1 MiB', JSON.stringify({ seat: 'x'.repeat(1_048_577) }), {}, 413, 'body-too-large'],
  ['a prototype-polluting key', '{"seat":"a1","__proto__":{"roles":["system"]}}', {}, 400, 'forbidden-key'],
  ['a wrong content type', a1, { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
])('refuses %s, without a stack, and stores nothing', async (_what, body, headers, status, code) => {
  const { app, post } = await hall();
  for (const when of [{}, later]) {
    const answer = await post(body, { ...headers, ...when });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(answer.body)).not.toMatch(/\.[jt]s\b|\bat \S+ \(/);
  }
  await app.settled();
  expect(await app.recorded.entries()).toEqual([]);
});

import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { startPageServer } from './page-server.js';

const app = new Hono().get('/', ({ text }) => text('here'));

it('listens on loopback, on a free port when asked for any', async () => {
  const server = await startPageServer(app, 0);
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect(await (await fetch(server.url)).text()).toBe('here');
  await server.stop();
});

it('says that the port is in use', async () => {
  const server = await startPageServer(app, 0);
  await expect(startPageServer(app, Number(new URL(server.url).port))).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await server.stop();
});

it('promise 8: stops though browsers keep connections open, and takes nothing more', async () => {
  const server = await startPageServer(app, 0);
  await (await fetch(server.url, { headers: { Connection: 'keep-alive' } })).text();
  await server.stop();
  await expect(fetch(server.url)).rejects.toThrow();
});

it('promise 8: stops though an answer never ends', async () => {
  const endless = new Hono().get(
    '/',
    () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(1)) })),
  );
  const server = await startPageServer(endless, 0);
  const answer = await fetch(server.url);
  const cut = expect(answer.arrayBuffer()).rejects.toThrow();
  await server.stop(10);
  await cut;
});

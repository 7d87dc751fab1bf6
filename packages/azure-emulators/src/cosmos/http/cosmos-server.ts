import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { checkSignature } from '../access/master-key.js';
import { badRequest } from '../cosmos-error.js';
import type { CosmosSurroundings } from '../surroundings.js';
import type { CosmosAnswer, CosmosRequest } from './cosmos-request.js';
import { readBody } from './read-body.js';
import { refusalOf } from './refusal.js';
import { serve } from './serve.js';

export interface CosmosServerOptions {
  readonly surroundings: CosmosSurroundings;
  /** Undefined: whoever can connect may do all. */
  readonly key: string | undefined;
}

const largestHeaders = 64 * 1024;
/** Longer than clients keep a connection that nobody uses. */
const idleInMs = 120_000;

/** Gives a function that takes in sockets of HTTP clients. */
export function cosmosServer(options: CosmosServerOptions): (socket: Socket) => void {
  const server = createServer(
    { maxHeaderSize: largestHeaders, keepAliveTimeout: idleInMs },
    (incoming, response) => {
      answer(options, incoming)
        .catch((error: unknown) => refusalOf(error))
        .then((given) => send(response, given, options.surroundings.clock.now()))
        // Whatever cannot be written has nobody who waits for it.
        .catch(() => response.destroy());
    },
  );
  return (socket) => {
    socket.setNoDelay();
    server.emit('connection', socket);
  };
}

async function answer(
  { surroundings, key }: CosmosServerOptions,
  incoming: IncomingMessage,
): Promise<CosmosAnswer> {
  const { method = 'GET', headers } = incoming;
  const { body, bytes } = await readBody(incoming);
  const rawPath = (incoming.url ?? '/').replace(/\?.*$/, '').replace(/^\/+|\/+$/g, '');
  if (key !== undefined) {
    const { authorization } = headers;
    checkSignature(key, { method, rawPath, authorization, date: headers['x-ms-date']?.toString() });
  }
  const request: CosmosRequest = {
    method,
    path: namesIn(rawPath),
    body,
    bytes,
    header: (name) => headers[name]?.toString(),
  };
  const endpoint = `http://${headers.host ?? `127.0.0.1:${incoming.socket.localPort}`}/`;
  return serve(request, { surroundings, endpoint, cut: () => incoming.socket.destroy() });
}

function namesIn(rawPath: string): readonly string[] {
  try {
    return rawPath === '' ? [] : rawPath.split('/').map(decodeURIComponent);
  } catch {
    throw badRequest('The path is not encoded as a URL is.');
  }
}

function send(
  response: ServerResponse,
  { status, body, headers, charge = 0 }: CosmosAnswer,
  now: number,
): void {
  if (response.destroyed) return;
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    Date: new Date(now).toUTCString(),
    ...(status !== 204 && status !== 304 && { 'Content-Length': Buffer.byteLength(text) }),
    'x-ms-version': '2020-07-15',
    'x-ms-activity-id': randomUUID(),
    'x-ms-request-charge': String(charge),
    ...headers,
  });
  response.end(text);
}

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SearchSurroundings } from '../surroundings.js';
import { readBody } from './read-body.js';
import { readPath } from './read-path.js';
import type { SearchAnswer, SearchRequest } from './search-request.js';
import { refusalOf, serve } from './serve.js';

/** Longer than clients keep a connection that nobody uses. */
const idleInMs = 120_000;

/** Gives a function that takes in sockets of HTTP clients. */
export function searchServer(surroundings: SearchSurroundings): (socket: Socket) => void {
  const server = createServer({ keepAliveTimeout: idleInMs }, (incoming, response) => {
    answer(surroundings, incoming)
      .catch((error: unknown) => refusalOf(error))
      .then((given) => send(response, given, incoming.headers['x-ms-client-request-id']?.toString()))
      // Whatever cannot be written has nobody who waits for it.
      .catch(() => response.destroy());
  });
  return (socket) => {
    socket.setNoDelay();
    server.emit('connection', socket);
  };
}

async function answer(surroundings: SearchSurroundings, incoming: IncomingMessage): Promise<SearchAnswer> {
  const { method = 'GET', headers, url: target = '/' } = incoming;
  const body = await readBody(incoming);
  const [rawPath = '/', rawQuery = ''] = target.split('?', 2);
  const request: SearchRequest = {
    method,
    ...readPath(rawPath),
    query: new URLSearchParams(rawQuery),
    url: `http://${headers.host ?? `127.0.0.1:${incoming.socket.localPort}`}${target}`,
    body,
    header: (name) => headers[name]?.toString(),
  };
  return serve(request, surroundings, () => incoming.socket.destroy());
}

function send(
  response: ServerResponse,
  { status, body, headers }: SearchAnswer,
  clientRequestId: string | undefined,
): void {
  if (response.destroyed) return;
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    // A count comes as a plain number.
    'Content-Type': typeof body === 'number' ? 'text/plain' : 'application/json; odata.metadata=minimal',
    ...(status !== 204 && { 'Content-Length': Buffer.byteLength(text) }),
    'OData-Version': '4.0',
    'request-id': randomUUID(),
    ...(clientRequestId !== undefined && { 'client-request-id': clientRequestId }),
    ...headers,
  });
  response.end(text);
}

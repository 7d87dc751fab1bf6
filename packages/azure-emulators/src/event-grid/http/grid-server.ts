import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FaultPlan } from '../../faults/fault-plan.js';
import { badRequest, EventGridError, throttled, tooLarge, unauthorized } from '../event-grid-error.js';
import type { Topic } from '../topics/topic.js';
import { type GridAnswer, type GridRequest, serve } from './routes.js';

const largestRequest = 1024 * 1024;

export interface GridServerOptions {
  readonly key: string;
  readonly faults: FaultPlan;
  readonly topicNamed: (name: string) => Topic;
}

/** Gives a function that takes in sockets of HTTP clients. */
export function gridServer(options: GridServerOptions): (socket: Socket) => void {
  const server = createServer((request, response) => {
    answer(options, request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => {
        const { status, code, message } =
          error instanceof EventGridError
            ? error
            : new EventGridError(500, 'InternalServerError', 'The request could not be served.');
        send(response, status, { error: { code, message } });
      },
    );
  });
  return (socket) => server.emit('connection', socket);
}

async function answer(options: GridServerOptions, incoming: IncomingMessage): Promise<GridAnswer> {
  const { key, faults, topicNamed } = options;
  if (!hasKey(incoming, key)) throw unauthorized();
  const url = new URL(incoming.url ?? '/', 'http://emulator');
  const request: GridRequest = {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    contentType: incoming.headers['content-type'] ?? '',
    body: await bodyOf(incoming),
  };
  const fault = faults.decide('send', request.path);
  if (fault?.fault === 'throttle') throw throttled();
  if (fault?.fault === 'cut-connection' && fault.afterEffect !== true) incoming.socket.destroy();
  if (fault?.fault === 'duplicate') await serve(topicNamed, request);
  const served = await serve(topicNamed, request);
  if (fault?.fault === 'cut-connection') incoming.socket.destroy();
  return served;
}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestRequest) throw tooLarge(largestRequest);
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw badRequest('The body is not JSON.');
  }
}

/** A topic's key, or a namespace's. */
function hasKey({ headers }: IncomingMessage, key: string): boolean {
  const given = headers['aeg-sas-key'] ?? headers.authorization?.replace(/^SharedAccessKey /, '');
  const [one, other] = [Buffer.from(String(given ?? '')), Buffer.from(key)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

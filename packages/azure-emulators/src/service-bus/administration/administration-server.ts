import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { allows, type SharedAccessKeys } from '../access/shared-access-keys.js';
import type { Namespace } from '../entities/namespace.js';
import { badRequest, entityNotFound, ServiceBusError, unauthorized } from '../errors/service-bus-error.js';
import { type Entry, formatEntry, formatError, formatFeed, parseEntry } from './atom-xml.js';
import { routeOf } from './routes.js';

const largestBody = 1024 * 1024;
const pageSize = 100;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Gives a function that takes in sockets of HTTP clients: the administration API. */
export function administrationServer(namespace: Namespace, keys: SharedAccessKeys): (socket: Socket) => void {
  const server = createServer((request, response) => {
    answer(namespace, keys, request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => {
        const known = error instanceof ServiceBusError;
        const detail = known ? error.description : 'The request could not be served.';
        const status = known ? (statuses[error.condition] ?? 400) : 500;
        send(response, status, formatError(status, detail));
      },
    );
  });
  return (socket) => server.emit('connection', socket);
}

const statuses: Readonly<Record<string, number>> = {
  'amqp:unauthorized-access': 401,
  'amqp:not-found': 404,
  'amqp:resource-limit-exceeded': 403,
  'com.microsoft:entity-already-exists': 409,
  'com.microsoft:server-busy': 503,
};

async function answer(
  namespace: Namespace,
  keys: SharedAccessKeys,
  request: IncomingMessage,
): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://emulator');
  const path = decodePath(url.pathname);
  assertManager(keys, request.headers.authorization, path);
  const host = request.headers.host ?? 'localhost';
  const route = routeOf({ namespace, host }, path);
  if (route.kind === 'list') {
    if (request.method !== 'GET') throw badRequest(`${request.method} of a list is not possible.`);
    return { status: 200, body: page(`https://${host}/${path}`, route.entries(), url.searchParams) };
  }
  const { resource } = route;
  if (request.method === 'GET') {
    const found = resource.get();
    // The service answers so for what is not there.
    return { status: 200, body: found ? formatEntry(found) : formatFeed(`https://${host}/${path}`, []) };
  }
  if (request.method === 'DELETE') {
    resource.delete();
    return { status: 200, body: '' };
  }
  if (request.method !== 'PUT') throw badRequest(`There is no ${request.method} of an entity.`);
  const { name, description } = parseEntry(await bodyOf(request));
  const isUpdate = request.headers['if-match'] === '*';
  return { status: isUpdate ? 200 : 201, body: formatEntry(resource.put(name, description, isUpdate)) };
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '');
  } catch {
    throw entityNotFound(pathname);
  }
}

function assertManager(keys: SharedAccessKeys, token: string | undefined, path: string): void {
  const claim = keys.claimOf(token ?? '');
  if (!allows([claim], path, ['Manage'])) throw unauthorized(`'Manage' claim is required on '${path}'.`);
}

function page(url: string, entries: readonly Entry[], query: URLSearchParams): string {
  const skip = Number(query.get('$skip') ?? 0);
  const top = Number(query.get('$top') ?? pageSize);
  const shown = entries.slice(skip, skip + top);
  const next = skip + top < entries.length ? `${url}?$skip=${skip + top}&$top=${top}` : undefined;
  return formatFeed(url, shown, next);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw badRequest(`A request body may have ${largestBody} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/atom+xml; charset=utf-8' });
  response.end(body);
}

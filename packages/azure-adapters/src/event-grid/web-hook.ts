import type { WebHookAccess } from './event-grid-options.js';
import { isCaller } from './web-hook-access.js';

export interface WebHookOptions {
  readonly access: WebHookAccess | undefined;
  readonly sources: readonly string[] | undefined;
  /** Called for each event, with its partition. */
  readonly onEvent: (partition: number) => void;
}

const mostBytes = 1_048_576 + 65_536;

interface Notification {
  readonly eventType?: unknown;
  readonly source?: unknown;
  readonly partition?: unknown;
  readonly data?: { readonly validationCode?: unknown };
}

/**
 * What Event Grid calls. Both handshakes are answered: `OPTIONS`, and an event that wants its code back. An event is
 * taken by 200; one that is none of ours is refused for good, so that it goes to the subscription's dead letters.
 */
export function webHookOf({ access, sources, onEvent }: WebHookOptions) {
  return async (request: Request): Promise<Response> => {
    if (!(await isCaller(request, access))) return refusal(401, 'The caller did not prove to be Event Grid.');
    if (request.method === 'OPTIONS') return agreement(request);
    if (request.method !== 'POST') return refusal(405, 'Event Grid posts.');
    const notifications = await notificationsIn(request);
    if (notifications === undefined) return refusal(400, 'The body is no list of events, or too large.');
    const code = validationCodeIn(notifications);
    if (code !== undefined) return Response.json({ validationResponse: code });
    const partitions: number[] = [];
    for (const { partition, source } of notifications) {
      if (!Number.isSafeInteger(partition) || (partition as number) < 0)
        return refusal(400, 'The event says no partition, so it is none of ours.');
      if (sources !== undefined && !sources.includes(String(source)))
        return refusal(400, `The event is of '${String(source)}', which is not read here.`);
      partitions.push(partition as number);
    }
    for (const partition of new Set(partitions)) onEvent(partition);
    return new Response(null, { status: 200 });
  };
}

/** Whoever has proved to be Event Grid may send. */
function agreement(request: Request): Response {
  const origin = request.headers.get('WebHook-Request-Origin');
  if (origin === null) return refusal(400, 'The handshake names no origin.');
  return new Response(null, {
    status: 200,
    headers: { 'WebHook-Allowed-Origin': origin, 'WebHook-Allowed-Rate': '*' },
  });
}

async function notificationsIn(request: Request): Promise<readonly Notification[] | undefined> {
  try {
    const text = await textOf(request);
    if (text === undefined) return undefined;
    const body = JSON.parse(text) as unknown;
    const events = Array.isArray(body) ? (body as unknown[]) : [body];
    const isList = events.every((event) => typeof event === 'object' && event !== null);
    return isList ? (events as Notification[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The body, unless it is too large: then no more of it is read. */
async function textOf(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function validationCodeIn([first]: readonly Notification[]): string | undefined {
  if (first?.eventType !== 'Microsoft.EventGrid.SubscriptionValidationEvent') return undefined;
  const code = first.data?.validationCode;
  return typeof code === 'string' ? code : undefined;
}

function refusal(status: number, detail: string): Response {
  return Response.json(
    { status, detail },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

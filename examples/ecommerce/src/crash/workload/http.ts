import { setTimeout as wait } from 'node:timers/promises';
import type { Slot } from '../plan.js';
import type { Shops } from '../shops.js';
import { within } from '../within.js';

/** What a shop answered. */
export interface Answer {
  readonly status: number;
  readonly body: { readonly code?: string; readonly retryable?: boolean } & Record<string, unknown>;
  readonly consistency: string | undefined;
}

export interface Request {
  readonly path: string;
  readonly as: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const patienceInMs = 4_000;

/** Asks one of the shops; `undefined` when no answer came: it is down, or died, or stands still. */
export async function ask(shops: Shops, slot: Slot, request: Request): Promise<Answer | undefined> {
  const url = shops.urlOf(slot);
  const giveUp = new AbortController();
  // By a timer of our own: a request to a process that was killed has been seen to hang, deaf to its signal.
  const answer =
    url &&
    (await within(
      patienceInMs,
      answerOf(url, request, giveUp.signal).catch(() => undefined),
    ));
  giveUp.abort();
  if (!answer) await wait(20);
  return answer || undefined;
}

async function answerOf(url: string, request: Request, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(`${url}${request.path}`, {
    method: request.body === undefined ? 'GET' : 'POST',
    headers: { 'Content-Type': 'application/json', 'Shop-Identity': request.as, ...request.headers },
    signal,
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  const body = (await response.json()) as Answer['body'];
  const consistency = response.headers.get('Diptych-Consistency') ?? undefined;
  return { status: response.status, body, consistency };
}

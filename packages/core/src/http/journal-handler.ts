import { ForbiddenError } from '../errors/domain-errors.js';
import type { JournalReader, ReadFrom, ReadLimits } from '../journal/journal-reader.js';
import type { Subject } from '../messages/subject.js';
import { asPosition, type Position } from '../partitions/position.js';
import { callerOf, type Identify } from './identity.js';
import { problemResponse } from './problem.js';
import { RequestError } from './request-errors.js';

export interface JournalHandlerOptions {
  readonly reader: JournalReader;
  /** Who is calling. */
  readonly identify: Identify;
  /** Who may read all of the journal, of every tenant: other processes of the same system. */
  readonly authorize: (subject: Subject) => boolean;
  /** In front of `/journal`. Default `''`. */
  readonly basePath?: string | undefined;
}

const most = { maxEvents: 1_000, maxBytes: 4_194_304 } as const;

type Ask = (reader: JournalReader, query: URLSearchParams, match: RegExpExecArray) => Promise<unknown>;

const routes: readonly (readonly [path: RegExp, answer: Ask])[] = [
  [/^$/, (reader) => reader.info()],
  [/^\/heads$/, async (reader) => [...(await reader.heads())]],
  [/^\/backlog$/, (reader, query) => reader.backlog(placesIn(query))],
  [/^\/partitions$/, (reader, query) => reader.read(placesIn(query), limitsIn(query))],
  [/^\/all$/, (reader, query) => reader.readAll(afterIn(query), limitsIn(query))],
  [
    /^\/(\d+)$/,
    async (reader, query, [, partition]) => {
      const from = [{ partition: Number(partition), after: afterIn(query) }];
      return (await reader.read(from, limitsIn(query)))[0];
    },
  ],
  [
    /^\/(\d+)\/([0-9a-f]+)$/,
    async (reader, _query, [, partition, position]) =>
      (await reader.entryAt(Number(partition), positionOf(String(position)))) ?? null,
  ],
];

/**
 * The journal over HTTP, for read sides that may not touch the write database:
 *
 * - `GET /journal` → incarnation and number of partitions
 * - `GET /journal/{partition}?after={position}` → the next entries of one
 * - `GET /journal/partitions?from={partition}:{position},…` → those of several, in one round trip
 * - `GET /journal/all?after=…`, `/journal/heads`, `/journal/backlog?from=…`, `/journal/{partition}/{position}`
 *
 * `maxEvents` and `maxBytes` bound an answer. It never rejects.
 */
export function journalHandler(options: JournalHandlerOptions): (request: Request) => Promise<Response> {
  const { reader, identify, authorize, basePath = '' } = options;
  const base = `${basePath}/journal`;
  return async (request) => {
    try {
      const { subject } = await callerOf(request, identify);
      if (!authorize(subject)) throw new ForbiddenError('This caller may not read the journal.');
      if (request.method !== 'GET')
        throw new RequestError('method-not-allowed', 'The journal is only read.', { allow: ['GET'] });
      const { pathname, searchParams } = new URL(request.url);
      const body = await answerOf(
        reader,
        pathname.startsWith(base) ? pathname.slice(base.length) : '/?',
        searchParams,
      );
      return Response.json(body, { headers: { 'Cache-Control': 'no-store' } });
    } catch (error) {
      return problemResponse(error, 'Bearer');
    }
  };
}

async function answerOf(reader: JournalReader, path: string, query: URLSearchParams): Promise<unknown> {
  for (const [pattern, answer] of routes) {
    const match = pattern.exec(path);
    if (match !== null) return answer(reader, query, match);
  }
  throw new RequestError('not-found', 'The journal has no such address.');
}

function placesIn(query: URLSearchParams): readonly ReadFrom[] {
  const texts = (query.get('from') ?? '').split(',').filter((text) => text !== '');
  return texts.map((text) => {
    const [, partition, after] = /^(\d{1,5})(?::([0-9a-f]+))?$/.exec(text) ?? [];
    if (partition === undefined) throw invalid('from', '{partition}:{position}, with commas between several');
    return { partition: Number(partition), after: after === undefined ? undefined : positionOf(after) };
  });
}

function afterIn(query: URLSearchParams): Position | undefined {
  const after = query.get('after') ?? '';
  return after === '' ? undefined : positionOf(after);
}

function positionOf(text: string): Position {
  const position = asPosition(text);
  if (position === undefined) throw invalid('after', 'a position, as the journal gives them');
  return position;
}

function limitsIn(query: URLSearchParams): ReadLimits {
  return {
    maxEvents: limitIn(query, 'maxEvents'),
    maxBytes: limitIn(query, 'maxBytes'),
  };
}

function limitIn(query: URLSearchParams, name: keyof typeof most): number {
  const value = Number(query.get(name) ?? most[name]);
  if (!Number.isSafeInteger(value) || value < 0) throw invalid(name, 'a whole number');
  return Math.min(value, most[name]);
}

function invalid(parameter: string, requirement: string): RequestError {
  return new RequestError('invalid-parameter', `The parameter ${parameter} must be ${requirement}.`);
}

import type { ConsistencyToken } from '../journal/consistency-token.js';
import { definitionOf, type MessageType } from '../messages/message.js';
import { parse } from '../messages/schema.js';

/** An answer in JSON that no cache keeps, unless `headers` say otherwise. */
export function jsonResponse(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
  });
}

/** What the result of a message looks like outside: as its result schema gives it back, where it has one. */
export function outgoingResult(type: MessageType, result: unknown): unknown {
  const schema = definitionOf(type)?.resultSchema;
  return schema === undefined ? result : parse(schema, result, `result of ${type.wireName}`);
}

export function consistencyHeader(consistency: ConsistencyToken | undefined): Record<string, string> {
  return consistency === undefined ? {} : { 'Diptych-Consistency': consistency };
}

/** The same answer without its body, for `HEAD` and 304. */
export function withoutBody(response: Response, status = response.status): Response {
  const headers = new Headers(response.headers);
  if (status === 304) headers.delete('Content-Type');
  return new Response(null, { status, headers });
}

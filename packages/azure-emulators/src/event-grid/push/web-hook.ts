import type { EventSchema, GridEvent } from '../topics/event.js';

/** The service waits that long for an answer. */
const patienceInMs = 30_000;

/** Posts to a web hook. Answers the status, or `undefined` when nobody answered. */
export async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers,
      signal: AbortSignal.timeout(patienceInMs),
      redirect: 'manual',
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}

/** CloudEvents come alone, those of Event Grid's own schema in a list of one. */
export function deliveryOf(
  event: GridEvent,
  schema: EventSchema,
): { readonly body: unknown; readonly contentType: string } {
  return schema === 'CloudEventSchemaV1_0'
    ? { body: event, contentType: 'application/cloudevents+json; charset=utf-8' }
    : { body: [event], contentType: 'application/json; charset=utf-8' };
}

import { badRequest } from '../event-grid-error.js';

/** An event as it came, of whichever schema. */
export type GridEvent = Readonly<Record<string, unknown>>;
export type EventSchema = 'CloudEventSchemaV1_0' | 'EventGridSchema';

const cloudEventNames = ['specversion', 'id', 'source', 'type'] as const;
const eventGridNames = ['id', 'eventType', 'subject', 'eventTime', 'dataVersion'] as const;
/** What CloudEvents allows an attribute to be called. */
const attribute = /^[a-z0-9]+$/;

/** The events of a request, by its content type. Throws `BadRequest`, with the place of the first fault. */
export function eventsIn(contentType: string, body: unknown): readonly GridEvent[] {
  const events = Array.isArray(body) ? (body as unknown[]) : [body];
  const isCloud = contentType.includes('cloudevents');
  return events.map((event, index) => {
    if (typeof event !== 'object' || event === null || Array.isArray(event))
      throw badRequest(`Event ${index} is no object.`);
    const given = event as GridEvent;
    if (isCloud) checkCloudEvent(given, index);
    else checkNames(given, eventGridNames, index);
    return given;
  });
}

export function schemaOf(event: GridEvent): EventSchema {
  return 'specversion' in event ? 'CloudEventSchemaV1_0' : 'EventGridSchema';
}

function checkCloudEvent(event: GridEvent, index: number): void {
  checkNames(event, cloudEventNames, index);
  if (event.specversion !== '1.0') throw badRequest(`Event ${index} has an unknown specversion.`);
  const wrong = Object.keys(event).find((name) => name !== 'data_base64' && !attribute.test(name));
  if (wrong !== undefined) throw badRequest(`Event ${index} has an attribute '${wrong}'.`);
}

function checkNames(event: GridEvent, names: readonly string[], index: number): void {
  const missing = names.find((name) => typeof event[name] !== 'string' || event[name] === '');
  if (missing !== undefined) throw badRequest(`Event ${index} has no ${missing}.`);
}

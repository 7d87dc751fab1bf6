import { definitionOf, type Event, positionAt, type RecordedEvent, system } from '@diptych/core';

/** Events of one stream, for a scenario with several. */
export interface StreamEvents {
  readonly stream: string;
  readonly events: readonly Event[];
}

/** Says which stream some events of a scenario belong to. Streams of a scenario lie in partitions of their own. */
export function inStream(stream: string, ...events: readonly Event[]): StreamEvents {
  return { stream, events };
}

const defaultStream = 'scenario-1';

/** What a scenario is given, stream by stream: events that name none are in the stream `scenario-1`. */
export function streamsOf(given: readonly (Event | StreamEvents)[]): readonly StreamEvents[] {
  return given.map((one) =>
    definitionOf(one) === undefined ? (one as StreamEvents) : inStream(defaultStream, one as Event),
  );
}

/** The events as a journal would have recorded them: in the order given, each stream in its own partition. */
export function recordEvents(
  given: readonly (Event | StreamEvents)[],
  startAt: number,
): readonly RecordedEvent[] {
  const partitions = new Map<string, number>();
  const versions = new Map<string, number>();
  return streamsOf(given)
    .flatMap(eventsOf)
    .map(({ stream, event }, index) => {
      if (!partitions.has(stream)) partitions.set(stream, partitions.size);
      const version = (versions.get(stream) ?? 0) + 1;
      versions.set(stream, version);
      return recorded(event, {
        stream,
        version,
        partition: partitions.get(stream)!,
        position: positionAt(index + 1, 0),
        time: new Date(startAt + index).toISOString(),
      });
    });
}

function eventsOf({
  stream,
  events,
}: StreamEvents): readonly { readonly stream: string; readonly event: Event }[] {
  return events.map((event) => ({ stream, event }));
}

type Place = Pick<RecordedEvent, 'stream' | 'version' | 'partition' | 'position' | 'time'>;

function recorded(event: Event, place: Place): RecordedEvent {
  const definition = definitionOf(event)!;
  const id = `${place.stream}/${place.version}`;
  return {
    kind: 'event',
    id,
    name: definition.wireName,
    schemaVersion: definition.version,
    correlationId: id,
    causationId: id,
    tenant: 'default',
    subject: system,
    source: 'scenario',
    data: JSON.stringify(event),
    ...place,
  };
}

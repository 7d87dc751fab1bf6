import {
  type Clock,
  definitionOf,
  EnvelopeFactory,
  type Event,
  encodeData,
  type Subject,
  system,
  type WriteBatch,
} from '@diptych/core';

/** The batch that appends events as a command of the test's own would have, whatever the stream looks like. */
export function givenBatch(
  clock: Clock,
  stream: string,
  events: readonly Event[],
  subject: Subject = system,
): WriteBatch {
  const envelopes = new EnvelopeFactory({ source: 'test', clock });
  const recorded = events.map((event) => {
    const meta = envelopes.meta(definitionOf(event)!, { subject }, envelopes.newId());
    return { ...meta, kind: 'event' as const, data: encodeData(event) };
  });
  return {
    entries: [
      {
        kind: 'append',
        stream: { tenant: 'default', name: stream },
        expectedVersion: 'any',
        partitionKey: undefined,
        events: recorded,
      },
    ],
  };
}

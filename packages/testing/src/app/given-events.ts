import {
  type Clock,
  definitionOf,
  EnvelopeFactory,
  type Event,
  encodeData,
  system,
  type WriteStore,
} from '@diptych/core';

/** Appends events as a command of the test's own would have, whatever the stream looks like. */
export async function appendGiven(
  writeStore: WriteStore,
  clock: Clock,
  stream: string,
  events: readonly Event[],
): Promise<void> {
  const envelopes = new EnvelopeFactory({ source: 'test', clock });
  const recorded = events.map((event) => {
    const meta = envelopes.meta(definitionOf(event)!, { subject: system }, envelopes.newId());
    return { ...meta, kind: 'event' as const, data: encodeData(event) };
  });
  await writeStore.commit({
    entries: [
      {
        kind: 'append',
        stream: { tenant: 'default', name: stream },
        expectedVersion: 'any',
        partitionKey: undefined,
        events: recorded,
      },
    ],
  });
}

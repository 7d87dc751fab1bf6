import { positionAt, type RecordedEvent } from '@diptych/core';

/** So many partitions a journal has unless it is told otherwise. */
export const partitions = 32;

/** An event of a usual size, as the journal hands it to the relay. */
export function entryAt(row: number, partition: number): RecordedEvent {
  const id = crypto.randomUUID();
  return {
    kind: 'event',
    id,
    name: 'bench.Noted',
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: id,
    causationId: id,
    tenant: 'default',
    subject: { id: 'ada', roles: ['clerk'] },
    source: 'bench',
    data: JSON.stringify({
      note: `note-${row}`,
      amount: 1,
      text: 'what there is to say about it, at some length',
    }),
    partition,
    position: positionAt(row, 0),
    stream: `note-${row}`,
    version: 1,
  };
}

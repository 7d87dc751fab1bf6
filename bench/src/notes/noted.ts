import { event, type WriteBatch } from '@diptych/core';
import { z } from 'zod';

/** The one event of the journals that are projected. */
export class Noted extends event(
  'bench.Noted',
  z.object({ note: z.string(), amount: z.int(), text: z.string() }),
) {}

/** What becomes of its events, by hand and by ours. */
export interface NoteDocument {
  readonly note: string;
  readonly total: number;
  readonly count: number;
}

/** One more event for a stream, about a note: for the journal. */
export function notedIn(stream: string, note = stream): WriteBatch['entries'][number] {
  const id = crypto.randomUUID();
  return {
    kind: 'append',
    stream: { tenant: 'default', name: stream },
    expectedVersion: 'any',
    partitionKey: undefined,
    events: [
      {
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
        data: JSON.stringify({ note, amount: 1, text: 'what there is to say about it' }),
      },
    ],
  };
}

/** The names of notes, one after the other, lie far apart, as those of real streams and documents do. */
export function noteNamed(number: number): string {
  return `note-${Math.imul(number + 1, 2_654_435_761) >>> 0}`;
}

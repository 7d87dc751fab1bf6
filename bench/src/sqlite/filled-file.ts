import type { WriteBatch } from '@diptych/core';
import { type SqliteDatabase, sqliteDatabase } from '@diptych/sqlite-adapters';
import { notedIn, noteNamed } from '../notes/noted.js';
import { temporaryFile } from './temporary-file.js';

/** So many events each stream has. */
export const eventsPerStream = 5;
const eventsPerUnit = 1_000;

/**
 * A journal with so many events, at the same rate in all its streams: the first one of each, then the second one.
 * The names of streams are spread as those of real ones are.
 */
export async function filledFile(events: number): Promise<{ path: string; database: SqliteDatabase }> {
  const path = temporaryFile();
  const database = await sqliteDatabase({ path, durability: 'normal' });
  const streams = events / eventsPerStream;
  for (let first = 0; first < events; first += eventsPerUnit) {
    const numbers = Array.from(
      { length: Math.min(eventsPerUnit, events - first) },
      (_, index) => first + index,
    );
    await database.writeStore.commit({ entries: numbers.map((number) => eventOf(number % streams)) });
  }
  return { path, database };
}

export function eventOf(stream: number): WriteBatch['entries'][number] {
  return notedIn(noteNamed(stream));
}

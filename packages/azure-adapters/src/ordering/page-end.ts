import { DiptychError, type SortValue } from '@diptych/core';
import type { Place } from './ordered-place.js';

/** The end of a page, as callers hand it back for the next one. */
export function pageEnd({ sort, id }: Place): string {
  return encodeURIComponent(JSON.stringify([sort, id]));
}

/** @throws DiptychError `page-after` for anything else than the end of a page. */
export function readPageEnd(after: string | undefined): Place | undefined {
  if (after === undefined) return undefined;
  try {
    const [sort, id] = JSON.parse(decodeURIComponent(after)) as [unknown, unknown];
    if (typeof id === 'string' && isSortValue(sort)) return { sort, id };
  } catch {
    // Said below, as for a text of another shape.
  }
  // Callers hand it back to the program, so it is they who have it wrong.
  throw new DiptychError({ code: 'page-after', message: 'This is not the `next` of an earlier page.' });
}

function isSortValue(value: unknown): value is SortValue {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

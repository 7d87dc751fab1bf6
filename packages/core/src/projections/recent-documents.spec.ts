import { describe, expect, test } from 'vitest';
import type { StoredDocument } from '../read-models/document.js';
import { noMarks } from '../read-models/marks.js';
import { RecentDocuments } from './recent-documents.js';

/** So many characters in all its texts. */
function document(name: string, characters = 10): StoredDocument {
  const body = JSON.stringify('x'.repeat(characters - 6));
  return { id: { tenant: 'default', name }, body, marks: noMarks, revision: name.padStart(4) };
}

function keptOf(recent: RecentDocuments, count: number): number[] {
  return Array.from({ length: count }, (_, at) => at).filter((at) => recent.take(`${at}`) !== undefined);
}

describe('the documents that were written last', () => {
  test('are taken once, as they were kept', () => {
    const recent = new RecentDocuments();
    recent.keep('a', document('a'));
    expect(recent.take('b')).toBeUndefined();
    expect(recent.take('a')).toEqual(document('a'));
    expect(recent.take('a')).toBeUndefined();
  });

  test('are no more than two thousand, those first forgotten that were written first', () => {
    const recent = new RecentDocuments();
    for (let at = 0; at < 2_500; at++) recent.keep(`${at}`, document(`${at}`));
    expect(keptOf(recent, 2_500)).toEqual(Array.from({ length: 2_000 }, (_, at) => at + 500));
  });

  test('take no more than two million characters, however large they are', () => {
    const recent = new RecentDocuments();
    for (let at = 0; at < 100; at++) recent.keep(`${at}`, document(`${at}`, 99_800));
    expect(keptOf(recent, 100)).toEqual(Array.from({ length: 20 }, (_, at) => at + 80));
    recent.keep('huge', document('huge', 3_000_000));
    expect(recent.take('huge')).toBeUndefined();
    // What was taken takes no room any more.
    for (let at = 0; at < 20; at++) recent.keep(`${at}`, document(`${at}`, 99_800));
    expect(keptOf(recent, 20)).toHaveLength(20);
  });

  test('do not have what somebody else writes too, until it was written twenty times more', () => {
    const recent = new RecentDocuments();
    const writes = () => {
      for (let count = 1; count <= 100; count++) {
        recent.keep('a', document('a'));
        if (recent.take('a') !== undefined) return count;
      }
      return undefined;
    };
    expect(writes()).toBe(1);
    recent.noteShared('a');
    expect(writes()).toBe(20);
    recent.noteShared('a');
    recent.keep('a', document('a'));
    recent.noteShared('a');
    expect(writes()).toBe(20);
    expect(writes()).toBe(1);
  });
});

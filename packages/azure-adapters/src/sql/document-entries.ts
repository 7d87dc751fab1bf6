import { DiptychError, type DocumentId, indexEntryOf, type SortValue, stored } from '@diptych/core';
import type { DeclaredIndexes } from './copies.js';
import { digestOf } from './sql-parameters.js';

/** What documents are ordered by, as columns: nothing, then numbers, then texts. */
export interface SortColumns {
  readonly kind: 0 | 1 | 2;
  readonly number: number;
  readonly text: string;
}

/** Where one document stands in one declared index. */
export interface DocumentEntries {
  /** One for each combination of values, in hexadecimal digits. */
  readonly keys: readonly string[];
  readonly sort: SortColumns;
}

/** What an index can have of a text that it orders by, in characters. */
const maxSortText = 300;

/** @throws DiptychError `sort-text-too-long` for a text that an index could not have in full. */
export function entriesOf(
  indexes: DeclaredIndexes,
  { tenant }: DocumentId,
  body: string | null,
): readonly DocumentEntries[] {
  if (body === null) return [];
  const document = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return Object.entries(indexes).flatMap(([name, index]) => {
    const { keys, sort } = indexEntryOf(index, document);
    if (keys.length === 0) return [];
    return { keys: keys.map((key) => entryKey(tenant, name, key)), sort: sortColumns(sort) };
  });
}

/** The same for the same entries, so that a document that stands where it stood is not moved. `null` for none. */
export function digestOfEntries(entries: readonly DocumentEntries[]): Buffer | null {
  return entries.length === 0 ? null : digestOf(JSON.stringify(entries));
}

/** What documents with these values are found under. */
export function entryKey(tenant: string, index: string, key: string): string {
  return digestOf(tenant, index, key).toString('hex');
}

export function sortColumns(sort: SortValue): SortColumns {
  if (sort === null) return { kind: 0, number: 0, text: '' };
  if (typeof sort === 'number') return { kind: 1, number: sort, text: '' };
  const text = stored(sort);
  if (text.length <= maxSortText) return { kind: 2, number: 0, text };
  throw new DiptychError({
    code: 'sort-text-too-long',
    message: `A document cannot be ordered by a text of ${text.length} characters: ${maxSortText} is the most.`,
    details: { length: text.length, maxLength: maxSortText },
  });
}

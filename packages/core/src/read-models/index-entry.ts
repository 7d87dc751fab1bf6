import type { FieldValues, ReadModelIndex } from './read-model.js';

/** What documents are ordered by: nothing, then numbers, then texts by code unit. */
export type SortValue = string | number | null;

/** Where one document stands in one declared index. */
export interface IndexEntry {
  /** The values compared, as one text: one for each combination where a field holds an array. */
  readonly keys: readonly string[];
  readonly sort: SortValue;
}

/** For stores: where a document stands in an index. A field that is missing counts as `null`. */
export function indexEntryOf(index: ReadModelIndex, document: Readonly<Record<string, unknown>>): IndexEntry {
  let combinations: unknown[][] = [[]];
  for (const field of index.by) {
    const value = document[field] ?? null;
    const values = Array.isArray(value) ? [...new Set(value)] : [value];
    combinations = combinations.flatMap((before) => values.filter(isScalar).map((next) => [...before, next]));
  }
  return { keys: combinations.map((values) => JSON.stringify(values)), sort: sortValueOf(index, document) };
}

/** For stores: the key that documents with these values have in an index. */
export function indexKeyOf(index: ReadModelIndex, values: FieldValues): string {
  return JSON.stringify(index.by.map((field) => values[field] ?? null));
}

export function compareSortValues(left: SortValue, right: SortValue): number {
  if (left === right) return 0;
  if (typeof left === typeof right) return left! < right! ? -1 : 1;
  return rankOf(left) - rankOf(right);
}

function rankOf(value: SortValue): number {
  return value === null ? 0 : typeof value === 'number' ? 1 : 2;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function sortValueOf({ sort }: ReadModelIndex, document: Readonly<Record<string, unknown>>): SortValue {
  const value = sort === undefined ? null : document[sort];
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

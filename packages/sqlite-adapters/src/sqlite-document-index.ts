import { type DocumentId, indexEntryOf, restored, type SortValue, stored } from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import type { DeclaredIndexes, HeldCopy } from './sqlite-copies.js';

interface Reindexed {
  readonly document: number;
  readonly id: DocumentId;
  /** The document's JSON text; `null` where there was or is none. */
  readonly before: string | null;
  readonly after: string | null;
}

type EntryColumns = readonly [name: string, key: string, sort: string | number];

const insertEntry = `
  INSERT INTO diptych_document_index (copy, tenant, name, key, sort, id, document) VALUES (?, ?, ?, ?, ?, ?, ?)`;

const deleteEntry = `
  DELETE FROM diptych_document_index
  WHERE copy = ? AND tenant = ? AND name = ? AND key = ? AND sort = ? AND id = ?`;

/** Moves a document to where it stands in the declared indexes now. */
export function reindex(
  connection: SqliteConnection,
  held: HeldCopy,
  { document, id, before, after }: Reindexed,
): void {
  const indexes = parsedIndexes(held.indexes);
  if (indexes === undefined) return;
  const old = entriesOf(indexes, before);
  const next = entriesOf(indexes, after);
  const kept = new Set(next.map(textOf));
  const known = new Set(old.map(textOf));
  const [tenant, name] = [stored(id.tenant), stored(id.name)];
  for (const entry of old)
    if (!kept.has(textOf(entry))) connection.run(deleteEntry, held.copy, tenant, ...entry, name);
  for (const entry of next)
    if (!known.has(textOf(entry))) connection.run(insertEntry, held.copy, tenant, ...entry, name, document);
}

export function hasIndexes({ indexes }: HeldCopy): boolean {
  return parsedIndexes(indexes) !== undefined;
}

/** No number of JSON is as small: what has no sort value comes before all that have one. */
const noSort = Number.NEGATIVE_INFINITY;

export function sortColumn(sort: SortValue): string | number {
  return sort === null ? noSort : typeof sort === 'string' ? stored(sort) : sort;
}

export function sortValue(column: string | number): SortValue {
  return column === noSort ? null : typeof column === 'string' ? restored(column) : column;
}

// A handful of copies is written at a time, each with the same text again and again.
const parsed = new Map<string, DeclaredIndexes | undefined>();

/** The declared indexes; `undefined` when there are none. */
export function parsedIndexes(text: string): DeclaredIndexes | undefined {
  if (parsed.has(text)) return parsed.get(text);
  const indexes = JSON.parse(text) as DeclaredIndexes;
  const some = Object.keys(indexes).length > 0 ? indexes : undefined;
  parsed.set(text, some);
  return some;
}

function entriesOf(indexes: DeclaredIndexes, body: string | null): readonly EntryColumns[] {
  if (body === null) return [];
  const document = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return Object.entries(indexes).flatMap(([name, index]) => {
    const { keys, sort } = indexEntryOf(index, document);
    return keys.map((key) => [stored(name), key, sortColumn(sort)] as const);
  });
}

function textOf(entry: EntryColumns): string {
  return JSON.stringify(entry);
}

import {
  type DocumentChange,
  type DocumentId,
  type Marks,
  type StoredDocument,
  stored,
  type WriteOutcome,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import type { HeldCopy } from './sqlite-copies.js';
import { hasIndexes, reindex } from './sqlite-document-index.js';

interface DocumentRow {
  readonly document: number;
  readonly body: string | null;
  readonly marks: Marks;
  readonly revision: number;
}

const selectBody = `SELECT body FROM diptych_documents WHERE copy = ? AND tenant = ? AND id = ?`;

// One statement for many: to ask for each alone takes twice as long.
const selectDocuments = `
  SELECT asked.key, d.document, d.body, d.marks, d.revision
  FROM json_each(?) AS asked CROSS JOIN diptych_documents AS d
    ON d.copy = ? AND d.tenant = ? AND d.id = asked.value`;

type DocumentColumns = readonly [
  asked: number,
  document: number,
  body: string | null,
  marks: Marks,
  revision: number,
];

const insertDocument = `
  INSERT INTO diptych_documents (copy, tenant, id, body, marks, revision, deleted_at)
  VALUES (?, ?, ?, ?, ?, 1, ?)
  ON CONFLICT DO NOTHING`;

const updateDocument = `
  UPDATE diptych_documents SET body = ?, marks = ?, revision = revision + 1, deleted_at = ?
  WHERE document = ? AND revision = ? AND copy = ? AND tenant = ? AND id = ?`;

const selectTombstones = `
  SELECT document, tenant, id, marks, revision, deleted_at FROM diptych_documents
  WHERE copy = ?1 AND deleted_at <= ?2 AND (deleted_at, document) > (?3, ?4)
  ORDER BY deleted_at, document LIMIT 500`;

/** The documents or tombstones of these ids. */
export function loadDocuments(
  connection: SqliteConnection,
  copy: HeldCopy,
  ids: readonly DocumentId[],
): readonly (StoredDocument | undefined)[] {
  const found = new Array<StoredDocument | undefined>(ids.length).fill(undefined);
  for (const [tenant, places] of placesByTenant(ids)) {
    const names = JSON.stringify(places.map((place) => stored(ids[place]!.name)));
    const rows = connection.columns<DocumentColumns>(selectDocuments, names, copy.copy, stored(tenant));
    for (const [asked, document, body, marks, revision] of rows) {
      const place = places[asked]!;
      found[place] = {
        id: ids[place]!,
        body,
        marks,
        revision: revisionOf(document, revision),
      };
    }
  }
  return found;
}

function placesByTenant(ids: readonly DocumentId[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  ids.forEach(({ tenant }, place) => {
    const ofTenant = places.get(tenant);
    if (ofTenant === undefined) places.set(tenant, [place]);
    else ofTenant.push(place);
  });
  return places;
}

/** Writes one document on its condition, and where it stands in the indexes. */
export function writeDocument(
  connection: SqliteConnection,
  copy: HeldCopy,
  change: DocumentChange,
  now: number,
): WriteOutcome {
  return change.expectedRevision === undefined
    ? addDocument(connection, copy, change, now)
    : replaceDocument(connection, copy, change, now);
}

function addDocument(
  connection: SqliteConnection,
  copy: HeldCopy,
  { id, body, marks }: DocumentChange,
  now: number,
): WriteOutcome {
  const values = [body, marks, body === null ? now : null] as const;
  const { changes, lastInsertRowid } = connection.run(insertDocument, ...placeOf(copy, id), ...values);
  if (changes === 0) return 'conflict';
  reindex(connection, copy, { document: lastInsertRowid, id, before: null, after: body });
  return { revision: revisionOf(lastInsertRowid, 1) };
}

function replaceDocument(
  connection: SqliteConnection,
  copy: HeldCopy,
  { id, body, marks, expectedRevision = '' }: DocumentChange,
  now: number,
): WriteOutcome {
  const dot = expectedRevision.indexOf('.');
  const [document, revision] = [
    Number(expectedRevision.slice(0, dot)),
    Number(expectedRevision.slice(dot + 1)),
  ];
  const place = placeOf(copy, id);
  // What it was decides where it stood in indexes; without any nobody needs to know.
  const before = hasIndexes(copy)
    ? connection.get<Pick<DocumentRow, 'body'>>(selectBody, ...place)?.body
    : undefined;
  const values = [body, marks, body === null ? now : null] as const;
  const { changes } = connection.run(updateDocument, ...values, document, revision, ...place);
  if (changes === 0) return 'conflict';
  reindex(connection, copy, { document, id, before: before ?? null, after: body });
  return { revision: revisionOf(document, revision + 1) };
}

function placeOf({ copy }: HeldCopy, { tenant, name }: DocumentId) {
  return [copy, stored(tenant), stored(name)] as const;
}

export interface Tombstone {
  readonly document: number;
  readonly revision: number;
  readonly marks: Marks;
}

/** Tombstones that are older than that, the oldest first. */
export function* tombstones(
  connection: SqliteConnection,
  { copy }: HeldCopy,
  deletedBefore: number,
): Iterable<Tombstone> {
  let [deletedAt, document] = [-1, 0];
  for (;;) {
    const rows = connection.all<DocumentRow & { readonly deleted_at: number }>(
      selectTombstones,
      copy,
      deletedBefore,
      deletedAt,
      document,
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    [deletedAt, document] = [last.deleted_at, last.document];
  }
}

/** Removes a tombstone that nobody has written since. */
export function removeTombstone(connection: SqliteConnection, { document, revision }: Tombstone): boolean {
  const sql = 'DELETE FROM diptych_documents WHERE document = ? AND revision = ? AND body IS NULL';
  return connection.run(sql, document, revision).changes > 0;
}

/** Removes some documents of copies that are gone. Returns how many; 0 when nothing is left to remove. */
export function removeDropped(connection: SqliteConnection, limit: number): number {
  const dropped = connection.get<{ copy: number }>('SELECT copy FROM diptych_dropped LIMIT 1');
  if (dropped === undefined) return 0;
  const { copy } = dropped;
  const ofCopy = 'SELECT document FROM diptych_documents WHERE copy = ? LIMIT ?';
  const documents = connection.run(
    `DELETE FROM diptych_documents WHERE document IN (${ofCopy})`,
    copy,
    limit,
  );
  const entries = connection.run(
    `DELETE FROM diptych_document_index WHERE (copy, tenant, name, key, sort, id) IN
       (SELECT copy, tenant, name, key, sort, id FROM diptych_document_index WHERE copy = ? LIMIT ?)`,
    copy,
    limit,
  );
  const removed = documents.changes + entries.changes;
  if (removed === 0) connection.run('DELETE FROM diptych_dropped WHERE copy = ?', copy);
  return removed || 1;
}

/** The document's own number is in it, so that a document made anew never repeats a revision of the one before. */
function revisionOf(document: number, revision: number): string {
  return `${document}.${revision}`;
}

import { type Position, positionAt } from '@diptych/core';
import type { SqliteDriver } from '@diptych/sqlite-adapters';
import type { Way } from '../harness/turns.js';
import type { NoteDocument } from '../notes/noted.js';

// Twice and four times as many were no faster.
const rowsAtOnce = 500;
/** A copy of its own, beside ours. */
const copy = 1_000;

interface Row {
  readonly row: number;
  readonly partition: number;
  readonly name: string;
  readonly tenant: string;
  readonly data: string;
}

interface Document {
  readonly tenant: string;
  readonly id: string;
  body: NoteDocument | undefined;
  marks: Record<string, Position>;
  /** As it was read; `undefined` when there was none. */
  readonly stored: { readonly document: number; readonly revision: number } | undefined;
}

/**
 * A loop that somebody would write who needs just this: the next rows of the journal, their documents, what becomes of
 * them, and the checkpoint, in one transaction. Marks are written and conditions kept, as ours does: without them it
 * could not share the work with another process. It validates nothing.
 */
export function rebuildByHand({ DatabaseSync }: SqliteDriver, path: string): Way {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA busy_timeout = 0; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768');
  database.exec('PRAGMA wal_autocheckpoint = 16000');
  database.exec('CREATE TABLE by_hand_checkpoint (row INTEGER NOT NULL)');
  database.exec('INSERT INTO by_hand_checkpoint VALUES (0)');
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  const read = database.prepare(
    'SELECT row, partition, name, tenant, data FROM diptych_journal WHERE row > ? ORDER BY row LIMIT ?',
  );
  const load = database.prepare(
    'SELECT document, body, marks, revision FROM diptych_documents WHERE copy = ? AND tenant = ? AND id = ?',
  );
  const insert = database.prepare(
    'INSERT INTO diptych_documents (copy, tenant, id, body, marks, revision) VALUES (?, ?, ?, ?, ?, 1)',
  );
  const update = database.prepare(
    'UPDATE diptych_documents SET body = ?, marks = ?, revision = revision + 1 WHERE document = ? AND revision = ?',
  );
  const move = database.prepare('UPDATE by_hand_checkpoint SET row = ?');

  const loaded = (tenant: string, id: string): Document => {
    const found = load.get(copy, tenant, id) as
      | { document: number; body: string; marks: string; revision: number }
      | undefined;
    if (found === undefined) return { tenant, id, body: undefined, marks: {}, stored: undefined };
    return {
      tenant,
      id,
      body: JSON.parse(found.body) as NoteDocument,
      marks: JSON.parse(found.marks) as Record<string, Position>,
      stored: found,
    };
  };

  const write = ({ tenant, id, body, marks, stored }: Document): void => {
    const values = [JSON.stringify(body), JSON.stringify(marks)] as const;
    if (stored === undefined) insert.run(copy, tenant, id, ...values);
    else if (update.run(...values, stored.document, stored.revision).changes === 0)
      throw new Error(`Somebody else wrote '${id}'.`);
  };

  const foldSome = (rows: readonly Row[]): void => {
    const documents = new Map<string, Document>();
    for (const { row, partition, name, tenant, data } of rows) {
      if (name !== 'bench.Noted') continue;
      const { note, amount } = JSON.parse(data) as { note: string; amount: number };
      const key = `${tenant}/${note}`;
      const document = documents.get(key) ?? loaded(tenant, note);
      documents.set(key, document);
      const position = positionAt(row, 0);
      const mark = document.marks[partition];
      if (mark !== undefined && mark >= position) continue;
      const { total = 0, count = 0 } = document.body ?? {};
      document.body = { note, total: total + amount, count: count + 1 };
      document.marks[partition] = position;
    }
    for (const document of documents.values()) write(document);
  };

  let [asked, handled, last] = [0, 0, 0];
  return {
    name: 'by hand',
    async move(events) {
      asked += events;
      while (handled < asked) {
        begin.run();
        const rows = read.all(last, rowsAtOnce) as Row[];
        foldSome(rows);
        last = rows.at(-1)!.row;
        move.run(last);
        commit.run();
        handled += rows.length;
        // A program does other things as well.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => database.close(),
  };
}

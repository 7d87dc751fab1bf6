import { randomUUID } from 'node:crypto';
import {
  type Copy,
  type DocumentChange,
  type DocumentId,
  isDiptychError,
  type Marks,
  type StoredDocument,
  type WriteOutcome,
} from '@diptych/core';
import { copyUnknown, type HeldCopy } from './copies.js';
import { digestOfEntries, entriesOf } from './document-entries.js';
import type { SqlClient } from './sql-client.js';
import { sqlNumber, thrown } from './sql-errors.js';
import {
  big,
  bytes32,
  digestOf,
  float,
  indexedName,
  int,
  longIndexedName,
  revision,
  type SqlParameter,
  text,
} from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

export interface Tombstone {
  readonly document: Buffer;
  readonly revision: string;
  readonly marks: Marks;
}

type DocumentColumns = readonly [document: Buffer, body: string | null, marks: Marks, revision: string];

/** A call has 2,100 parameters at most, and plans of long texts take long to make. */
const [documentsInCall, parametersInCall] = [50, 1_500];

/** Documents and tombstones of copies, by the digests of their ids. */
export class SqlDocuments {
  readonly #client: SqlClient;
  readonly #tables: SqlTables;

  constructor(client: SqlClient, tables: SqlTables) {
    this.#client = client;
    this.#tables = tables;
  }

  /** @throws ProgrammingError `copy-unknown` when it is gone. */
  async load(
    copy: Copy,
    held: HeldCopy,
    ids: readonly DocumentId[],
  ): Promise<readonly (StoredDocument | undefined)[]> {
    const { documents, copies } = this.#tables;
    const keys = ids.map((id) => documentKey(id).toString('hex'));
    const sets = await this.#client.run(
      `SELECT d.document, d.body, d.marks, d.revision FROM OPENJSON(@keys) AS k
       JOIN ${documents} AS d ON d.copy = @copy AND d.document = CONVERT(binary(32), k.value, 2);
       SELECT COUNT(*) FROM ${copies} WHERE copy = @copy;`,
      { copy: int(held.copy), keys: text(JSON.stringify([...new Set(keys)])) },
    );
    if (sets[1]![0]![0] === 0) throw copyUnknown(copy);
    const rows = sets[0] as unknown as readonly DocumentColumns[];
    const found = new Map(rows.map((row) => [row[0].toString('hex'), row]));
    return keys.map((key, at) => {
      const row = found.get(key);
      if (row === undefined) return undefined;
      const [, body, marks, revision] = row;
      return { id: ids[at]!, body, marks, revision };
    });
  }

  /** Each on its condition, and where it stands in the indexes with it. */
  async write(
    copy: Copy,
    held: HeldCopy,
    changes: readonly DocumentChange[],
  ): Promise<readonly WriteOutcome[]> {
    const outcomes: WriteOutcome[] = [];
    for (const calls of this.#calls(held, changes)) {
      const answer = await this.#send(copy, held, calls);
      for (const [at, { revision }] of calls.entries())
        outcomes.push(answer[at] === '1' ? { revision } : 'conflict');
    }
    return outcomes;
  }

  /** Tombstones that are older than that, by the database's clock, the oldest first. */
  async *tombstones({ copy }: HeldCopy, olderThanInMs: number): AsyncIterable<Tombstone> {
    let deletedAt = '-1';
    let last: Buffer = Buffer.alloc(32);
    for (;;) {
      const rows = await this.#client.rows<[Buffer, Marks, string, string]>(
        `SELECT TOP (500) document, marks, revision, deleted_at FROM ${this.#tables.documents}
         WHERE copy = @copy AND deleted_at <= ${this.#client.now} - @age
           AND (deleted_at > @deletedAt OR (deleted_at = @deletedAt AND document > @last))
         ORDER BY deleted_at, document`,
        {
          copy: int(copy),
          age: big(olderThanInMs),
          deletedAt: big(BigInt(deletedAt)),
          last: bytes32(last),
        },
      );
      for (const [document, marks, revision] of rows) yield { document, revision, marks };
      const end = rows.at(-1);
      if (end === undefined) return;
      [last, , , deletedAt] = end;
    }
  }

  /** Removes a tombstone that nobody has written since. */
  async removeTombstone({ copy }: HeldCopy, { document, revision: known }: Tombstone): Promise<boolean> {
    const rows = await this.#client.rows<[number]>(
      `DELETE FROM ${this.#tables.documents}
       WHERE copy = @copy AND document = @document AND revision = @revision AND body IS NULL; SELECT @@ROWCOUNT;`,
      { copy: int(copy), document: bytes32(document), revision: revision(known) },
    );
    return rows[0]![0] > 0;
  }

  /** Removes some documents of copies that are gone. False when nothing is left to remove. */
  async removeDropped(limit: number): Promise<boolean> {
    const { documents, document_index, dropped } = this.#tables;
    const rows = await this.#client.rows<[number]>(
      `DECLARE @copy int, @removed int;
       SELECT TOP (1) @copy = copy FROM ${dropped} ORDER BY copy;
       DELETE FROM ${document_index} WHERE copy = @copy AND document IN (
         SELECT TOP (@limit) document FROM ${document_index} WHERE copy = @copy ORDER BY document);
       SET @removed = @@ROWCOUNT;
       DELETE FROM ${documents} WHERE copy = @copy AND document IN (
         SELECT TOP (@limit) document FROM ${documents} WHERE copy = @copy ORDER BY document);
       SET @removed = @removed + @@ROWCOUNT;
       IF @removed = 0 DELETE FROM ${dropped} WHERE copy = @copy;
       SELECT CASE WHEN @copy IS NULL THEN 0 ELSE 1 END;`,
      { limit: int(limit) },
    );
    return rows[0]![0] === 1;
  }

  #calls(held: HeldCopy, changes: readonly DocumentChange[]): readonly ChangeText[][] {
    const calls: ChangeText[][] = [];
    let [call, parameters]: [ChangeText[], number] = [[], 0];
    for (const change of changes) {
      const made = changeText(this.#tables, held, change, call.length);
      const count = Object.keys(made.parameters).length;
      if (call.length === documentsInCall || (call.length > 0 && parameters + count > parametersInCall)) {
        calls.push(call);
        [call, parameters] = [[], 0];
        call.push(changeText(this.#tables, held, change, 0));
      } else call.push(made);
      parameters += count;
    }
    return call.length === 0 ? calls : [...calls, call];
  }

  async #send(copy: Copy, held: HeldCopy, changes: readonly ChangeText[]): Promise<string> {
    const { copies } = this.#tables;
    const sql = `
      DECLARE @now bigint = ${this.#client.now}, @n int, @before binary(32), @answer varchar(100) = '';
      BEGIN TRANSACTION;
      IF NOT EXISTS (SELECT 1 FROM ${copies} WITH (REPEATABLEREAD) WHERE copy = @copy)
        THROW ${thrown.copyUnknown}, 'The copy is gone.', 1;
      ${changes.map((change) => change.sql).join('')}
      COMMIT;
      SELECT @answer;`;
    const parameters = Object.assign({ copy: int(held.copy) }, ...changes.map((change) => change.parameters));
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#client.rows<[string]>(sql, parameters))[0]![0];
      } catch (error) {
        if (sqlNumber(error) === thrown.copyUnknown) throw copyUnknown(copy);
        // Another one made the same document meanwhile: the second attempt finds it.
        const isRace =
          isDiptychError(error, 'duplicate-key') || isDiptychError(error, 'concurrency-conflict');
        if (!isRace || attempt === 5) throw error;
      }
    }
  }
}

interface ChangeText {
  /** That the document has if it is written. */
  readonly revision: string;
  readonly sql: string;
  readonly parameters: Readonly<Record<string, SqlParameter>>;
}

export function documentKey({ tenant, name }: DocumentId): Buffer {
  return digestOf(tenant, name);
}

function changeText(
  { documents, document_index }: SqlTables,
  { indexes }: HeldCopy,
  { id, body, marks, expectedRevision }: DocumentChange,
  n: number,
): ChangeText {
  const entries = entriesOf(indexes, id, body);
  // As the driver spells them.
  const after = randomUUID().toUpperCase();
  const parameters: Record<string, SqlParameter> = {
    [`d${n}`]: bytes32(documentKey(id)),
    [`i${n}`]: longIndexedName(id.name, 500),
    [`b${n}`]: text(body),
    [`m${n}`]: text(marks),
    [`e${n}`]: bytes32(digestOfEntries(entries)),
    [`v${n}`]: revision(after),
  };
  const deletedAt = body === null ? '@now' : 'NULL';
  const ofDocument = `copy = @copy AND document = @d${n}`;
  let sql: string;
  if (expectedRevision === undefined) {
    parameters[`t${n}`] = indexedName(id.tenant, 200);
    sql = `
      SET @before = NULL;
      INSERT INTO ${documents} (copy, document, tenant, id, body, marks, revision, deleted_at, entries)
      SELECT @copy, @d${n}, @t${n}, @i${n}, @b${n}, @m${n}, @v${n}, ${deletedAt}, @e${n}
      WHERE NOT EXISTS (SELECT 1 FROM ${documents} WHERE ${ofDocument});
      SET @n = @@ROWCOUNT;`;
  } else {
    parameters[`r${n}`] = revision(expectedRevision);
    sql = `
      SET @before = NULL;
      SELECT @before = entries FROM ${documents} WHERE ${ofDocument};
      UPDATE ${documents} SET body = @b${n}, marks = @m${n}, revision = @v${n}, deleted_at = ${deletedAt}, entries = @e${n}
      WHERE ${ofDocument} AND revision = @r${n};
      SET @n = @@ROWCOUNT;`;
  }
  // Where it stands in the indexes is written anew only where that is another place.
  const inserts = entries.map(({ keys, sort }, at) => {
    const of = `${n}_${at}`;
    Object.assign(parameters, {
      [`x${of}`]: text(JSON.stringify(keys)),
      [`k${of}`]: int(sort.kind),
      [`f${of}`]: float(sort.number),
      [`s${of}`]: longIndexedName(sort.text, 500),
    });
    return `
        INSERT INTO ${document_index} (copy, entry, sort_kind, sort_number, sort_text, id, document)
        SELECT @copy, CONVERT(binary(32), x.value, 2), @k${of}, @f${of}, @s${of}, @i${n}, @d${n} FROM OPENJSON(@x${of}) AS x;`;
  });
  if (Object.keys(indexes).length > 0) {
    sql += `
      IF @n = 1 AND (@before <> @e${n} OR (@before IS NULL AND @e${n} IS NOT NULL) OR (@before IS NOT NULL AND @e${n} IS NULL))
      BEGIN
        DELETE FROM ${document_index} WHERE ${ofDocument};${inserts.join('')}
      END`;
  }
  return { sql: `${sql}\n      SET @answer = CONCAT(@answer, @n);`, parameters, revision: after };
}

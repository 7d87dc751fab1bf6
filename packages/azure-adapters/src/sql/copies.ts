import {
  type Copy,
  type CopyInfo,
  type CopyState,
  type CopySwitchOptions,
  ProgrammingError,
  type ReadModelDefinition,
  type ReadModelIndex,
  restored,
} from '@diptych/core';
import type { SqlClient } from './sql-client.js';
import { big, indexedName, int, type SqlParameter, type SqlParameters, text } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

export type DeclaredIndexes = Readonly<Record<string, ReadModelIndex>>;

/** A copy as its documents know it. Its number is never given again. */
export interface HeldCopy {
  readonly copy: number;
  /** That it was made with, and is kept by. */
  readonly indexes: DeclaredIndexes;
}

type CopyColumns = readonly [
  model: string,
  version: number,
  generation: number,
  state: CopyState,
  age: string,
];

const isCopy = 'model = @model AND version = @version AND generation = @generation';

/** Which copies of read models there are, and in which state. */
export class SqlCopies {
  readonly #client: SqlClient;
  readonly #tables: SqlTables;
  /** A number never changes its meaning, so what was found once need not be asked for again until it is gone. */
  readonly #held = new Map<string, HeldCopy>();

  constructor(client: SqlClient, tables: SqlTables) {
    this.#client = client;
    this.#tables = tables;
  }

  async create({ indexes }: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    const { copies } = this.#tables;
    // Two who make it at the same time: the second finds that of the first.
    const [row] = await this.#client.rows<CopyColumns>(
      `BEGIN TRY
         IF NOT EXISTS (SELECT 1 FROM ${copies} WHERE ${isCopy})
           INSERT INTO ${copies} (model, version, generation, state, since, indexes)
           VALUES (@model, @version, @generation, 'building', ${this.#client.now}, @indexes);
       END TRY
       BEGIN CATCH
         IF ERROR_NUMBER() NOT IN (2627, 2601) THROW;
       END CATCH;
       ${this.#select} WHERE ${isCopy}`,
      { ...parametersOf(copy), indexes: text(JSON.stringify(indexes)) },
    );
    return infoOf(row!);
  }

  async list(model: string): Promise<readonly CopyInfo[]> {
    const rows = await this.#client.rows<CopyColumns>(`${this.#select} WHERE model = @model ORDER BY copy`, {
      model: indexedName(model),
    });
    return rows.map(infoOf);
  }

  /** Takes a copy away, and notes that its documents are to be removed. */
  async drop(copy: Copy): Promise<void> {
    const { copies, dropped } = this.#tables;
    this.#held.delete(keyOf(copy));
    await this.#client.run(
      `BEGIN TRANSACTION;
       INSERT INTO ${dropped} (copy) SELECT copy FROM ${copies} AS c
       WHERE ${isCopy} AND NOT EXISTS (SELECT 1 FROM ${dropped} AS d WHERE d.copy = c.copy);
       DELETE FROM ${copies} WHERE ${isCopy};
       COMMIT;`,
      parametersOf(copy),
    );
  }

  async abandon(copy: Copy): Promise<'abandoned' | 'conflict'> {
    const rows = await this.#client.rows<[number]>(
      `UPDATE ${this.#tables.copies} SET state = 'abandoned', since = ${this.#client.now}
       WHERE ${isCopy} AND state = 'building'; SELECT @@ROWCOUNT;`,
      parametersOf(copy),
    );
    return rows[0]![0] === 0 ? 'conflict' : 'abandoned';
  }

  /**
   * In one transaction. Each of the two is written under the condition that it is what it must be, so that of two
   * switchers one finds the other's work; that nobody else serves is looked at behind those writes, which whoever makes
   * another one serve would wait for.
   */
  async switch(
    from: Copy | undefined,
    to: Copy,
    { servedForLessThanMs }: CopySwitchOptions,
  ): Promise<'switched' | 'conflict'> {
    const { copies } = this.#tables;
    const other = from ?? to;
    const tooLate = servedForLessThanMs === undefined ? '' : 'AND @now - since < @limit';
    const retire = `
      UPDATE ${copies} SET state = 'retired', since = @now
      WHERE model = @fromModel AND version = @fromVersion AND generation = @fromGeneration
        AND version = @version AND state = 'serving' ${tooLate};
      IF @@ROWCOUNT = 0 SET @ok = 0;`;
    const rows = await this.#client.rows<[string]>(
      `DECLARE @now bigint = ${this.#client.now}, @ok bit = 1;
       BEGIN TRANSACTION;
       -- Switchers of a model take turns: all of its copies are written, unchanged, and in one order.
       UPDATE ${copies} SET state = state WHERE model = @model;
       ${from === undefined ? '' : retire}
       IF EXISTS (SELECT 1 FROM ${copies} WHERE model = @model AND version = @version AND state = 'serving') SET @ok = 0;
       IF @ok = 1
       BEGIN
         UPDATE ${copies} SET state = 'serving', since = @now WHERE ${isCopy} AND state = 'building';
         IF @@ROWCOUNT = 0 SET @ok = 0;
       END
       IF @ok = 1 COMMIT; ELSE ROLLBACK;
       SELECT CASE @ok WHEN 1 THEN 'switched' ELSE 'conflict' END;`,
      {
        ...parametersOf(to),
        ...(from !== undefined && {
          fromModel: indexedName(other.model),
          fromVersion: int(other.version),
          fromGeneration: int(other.generation),
        }),
        ...(from !== undefined && servedForLessThanMs !== undefined && { limit: big(servedForLessThanMs) }),
      } as Record<string, SqlParameter>,
    );
    return rows[0]![0] as 'switched' | 'conflict';
  }

  /** @throws ProgrammingError `copy-unknown`. */
  async require(copy: Copy): Promise<HeldCopy> {
    const known = this.#held.get(keyOf(copy));
    if (known !== undefined) return known;
    const rows = await this.#client.rows<[number, string]>(
      `SELECT copy, indexes FROM ${this.#tables.copies} WHERE ${isCopy}`,
      parametersOf(copy),
    );
    const [row] = rows;
    if (row === undefined) throw copyUnknown(copy);
    const held = { copy: row[0], indexes: JSON.parse(row[1]) as DeclaredIndexes };
    this.#held.set(keyOf(copy), held);
    return held;
  }

  /** It turned out to be gone. */
  forget(copy: Copy): void {
    this.#held.delete(keyOf(copy));
  }

  get #select(): string {
    return `SELECT model, version, generation, state, ${this.#client.now} - since FROM ${this.#tables.copies}`;
  }
}

export function copyUnknown({ model, version, generation }: Copy): ProgrammingError {
  return new ProgrammingError('copy-unknown', `There is no copy '${model}/v${version}/g${generation}'.`, {
    model,
    version,
    generation,
  });
}

function keyOf({ model, version, generation }: Copy): string {
  return JSON.stringify([model, version, generation]);
}

function parametersOf({ model, version, generation }: Copy): SqlParameters {
  return { model: indexedName(model), version: int(version), generation: int(generation) };
}

function infoOf([model, version, generation, state, age]: CopyColumns): CopyInfo {
  return { model: restored(model), version, generation, state, stateAgeInMs: Number(age) };
}

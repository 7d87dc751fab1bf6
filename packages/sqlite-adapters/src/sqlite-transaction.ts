import { ProgrammingError } from '@diptych/core';
import type { SqliteChange, SqliteConnection } from './sqlite-client.js';
import type { SqliteValue } from './sqlite-driver.js';
import { sqliteError } from './sqlite-errors.js';

/** Rows of the program's own, as somebody sees them. Values are parameters only. */
export interface SqliteRows {
  /** The first row, or `undefined`. */
  get<Row = Record<string, SqliteValue>>(sql: string, ...values: readonly SqliteValue[]): Row | undefined;
  all<Row = Record<string, SqliteValue>>(sql: string, ...values: readonly SqliteValue[]): Row[];
}

/** A statement that is used several times. */
export interface SqliteStatement<Row = Record<string, SqliteValue>> {
  run(...values: readonly SqliteValue[]): SqliteChange;
  get(...values: readonly SqliteValue[]): Row | undefined;
  all(...values: readonly SqliteValue[]): Row[];
}

/** The write store's native transaction. Each call is synchronous, and seen at once by the next. */
export interface SqliteTransaction extends SqliteRows {
  run(sql: string, ...values: readonly SqliteValue[]): SqliteChange;
  prepare<Row = Record<string, SqliteValue>>(sql: string): SqliteStatement<Row>;
}

/** Statements of the program's on a connection, as long as `assertUsable` lets them. */
export class GuardedStatements implements SqliteTransaction {
  readonly #connection: SqliteConnection;
  readonly #assertUsable: () => void;

  constructor(connection: SqliteConnection, assertUsable: () => void) {
    this.#connection = connection;
    this.#assertUsable = assertUsable;
  }

  run(sql: string, ...values: readonly SqliteValue[]): SqliteChange {
    return this.#guarded(values, () => this.#connection.run(sql, ...values));
  }

  get<Row>(sql: string, ...values: readonly SqliteValue[]): Row | undefined {
    return this.#guarded(values, () => this.#connection.get<Row>(sql, ...values));
  }

  all<Row>(sql: string, ...values: readonly SqliteValue[]): Row[] {
    return this.#guarded(values, () => this.#connection.all<Row>(sql, ...values));
  }

  prepare<Row>(sql: string): SqliteStatement<Row> {
    return {
      run: (...values) => this.run(sql, ...values),
      get: (...values) => this.get<Row>(sql, ...values),
      all: (...values) => this.all<Row>(sql, ...values),
    };
  }

  #guarded<T>(values: readonly SqliteValue[], work: () => T): T {
    this.#assertUsable();
    values.forEach(assertWhole);
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, this.#connection.path);
    }
  }
}

// The driver hands texts on as C strings, which end at the first NUL: the rest would be lost without a word.
function assertWhole(value: SqliteValue, index: number): void {
  if (typeof value !== 'string' || !value.includes('\0')) return;
  throw new ProgrammingError(
    'text-not-storable',
    `Parameter ${index + 1} has a NUL character, at which SQLite would cut it off. Store it as bytes (Uint8Array).`,
    { parameter: index + 1 },
  );
}

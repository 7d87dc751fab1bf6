import type { DriverDatabase, DriverStatement, SqliteDriver, SqliteValue } from './sqlite-driver.js';

/** More statements than the adapters have; a program that makes texts of its own pushes out the oldest. */
const keptStatements = 500;

export interface SqliteChange {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/** One connection to the file, with its prepared statements. Values are bound; they never become part of a text. */
export class SqliteConnection {
  readonly path: string;
  readonly #database: DriverDatabase;
  readonly #statements = new Map<string, DriverStatement>();

  constructor(driver: SqliteDriver, path: string, options: { readonly readOnly?: boolean } = {}) {
    this.path = path;
    this.#database = new driver.DatabaseSync(path, options);
    // Waiting happens outside, where it does not stand in the way of everything else.
    this.#database.exec('PRAGMA busy_timeout = 0');
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** Statements without parameters. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, ...values: readonly SqliteValue[]): SqliteChange {
    return this.prepare(sql).run(...values) as SqliteChange;
  }

  get<Row>(sql: string, ...values: readonly SqliteValue[]): Row | undefined {
    return this.prepare(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: readonly SqliteValue[]): Row[] {
    return this.prepare(sql).all(...values) as Row[];
  }

  /** Rows as the values of their columns: for many of them, that is a third faster than objects. */
  columns<Columns>(sql: string, ...values: readonly SqliteValue[]): Columns[] {
    const key = `arrays: ${sql}`;
    const statement = this.#statements.get(key) ?? this.#keep(key, this.#prepareForArrays(sql));
    return statement.all(...values) as Columns[];
  }

  prepare(sql: string): DriverStatement {
    return this.#statements.get(sql) ?? this.#keep(sql, this.#database.prepare(sql));
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  /**
   * Moves what lies in the log into the file itself. SQLite does that at the last close as well, but not where the
   * driver leaves statements to the garbage collector, as @photostructure/sqlite does.
   */
  emptyLog(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  #prepareForArrays(sql: string): DriverStatement {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  #keep(key: string, statement: DriverStatement): DriverStatement {
    if (this.#statements.size >= keptStatements) this.#forgetOldest();
    this.#statements.set(key, statement);
    return statement;
  }

  #forgetOldest(): void {
    for (const sql of this.#statements.keys()) {
      this.#statements.delete(sql);
      return;
    }
  }
}

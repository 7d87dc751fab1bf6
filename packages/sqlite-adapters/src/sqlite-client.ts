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

  iterate<Row>(sql: string, ...values: readonly SqliteValue[]): IterableIterator<Row> {
    return this.prepare(sql).iterate(...values) as IterableIterator<Row>;
  }

  prepare(sql: string): DriverStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    if (this.#statements.size >= keptStatements) this.#forgetOldest();
    this.#statements.set(sql, made);
    return made;
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #forgetOldest(): void {
    for (const sql of this.#statements.keys()) {
      this.#statements.delete(sql);
      return;
    }
  }
}

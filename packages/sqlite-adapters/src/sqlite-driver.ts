/** What can be bound to a parameter and comes back in a row. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

export interface DriverStatement {
  run(...values: readonly SqliteValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  get(...values: readonly SqliteValue[]): unknown;
  all(...values: readonly SqliteValue[]): unknown[];
  setReturnArrays(enabled: boolean): void;
}

/** The part of `DatabaseSync` that is used. */
export interface DriverDatabase {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): DriverStatement;
  close(): void;
}

export interface SqliteDriver {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean }) => DriverDatabase;
}

/** The first Node whose own `node:sqlite` needs no flag and has all that is used here. */
const firstNodeWithSqlite = 24;

/** Node's own driver where there is one, else the package that has the same API. */
export async function loadDriver(nodeVersion: string = process.versions.node): Promise<SqliteDriver> {
  if (Number.parseInt(nodeVersion, 10) >= firstNodeWithSqlite) {
    // Not by `import`: Node 20 has no module of that name, and its types know none.
    const builtin = process.getBuiltinModule?.('node:sqlite') as SqliteDriver | undefined;
    if (builtin !== undefined) return builtin;
  }
  return (await import('@photostructure/sqlite')) as unknown as SqliteDriver;
}

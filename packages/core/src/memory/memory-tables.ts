/** A program's own rows of one kind, by key, as a transaction sees them. Rows are copied on their way in and out. */
export interface MemoryTable<Row> {
  get(key: string): Row | undefined;
  /** Inserts or replaces. The row must be plain data. */
  put(key: string, row: Row): void;
  delete(key: string): void;
  /** All rows, in the order their keys were first put. */
  all(): readonly Row[];
}

/** The memory store's native transaction: tables that come into being when they are first named. */
export interface MemoryTransaction {
  table<Row>(name: string): MemoryTable<Row>;
}

type Rows = Map<string, unknown>;

/** The committed rows of all tables. */
export class MemoryTables {
  readonly #tables = new Map<string, Rows>();

  rows(table: string): ReadonlyMap<string, unknown> {
    return this.#tables.get(table) ?? new Map();
  }

  /** For readers outside a transaction: what is committed. */
  committed(): MemoryTransaction {
    return new StagedTables(this, () => {
      throw new TypeError('These tables are for reading; write in a transaction.');
    });
  }

  apply(table: string, changes: ReadonlyMap<string, unknown>): void {
    const rows = this.#tables.get(table) ?? new Map();
    this.#tables.set(table, rows);
    for (const [key, row] of changes) {
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
  }
}

/** Changes of one transaction, kept apart until it commits. */
export class StagedTables implements MemoryTransaction {
  readonly #base: MemoryTables;
  readonly #beforeWrite: () => void;
  readonly #staged = new Map<string, Rows>();

  /** `beforeWrite` throws when the transaction may not be used any more. */
  constructor(base: MemoryTables, beforeWrite: () => void) {
    this.#base = base;
    this.#beforeWrite = beforeWrite;
  }

  table<Row>(name: string): MemoryTable<Row> {
    const current = (key: string) => {
      const staged = this.#staged.get(name);
      return staged?.has(key) ? staged.get(key) : this.#base.rows(name).get(key);
    };
    const stage = (key: string, row: unknown) => {
      this.#beforeWrite();
      const staged = this.#staged.get(name) ?? new Map();
      this.#staged.set(name, staged.set(key, row));
    };
    return {
      get: (key) => structuredClone(current(key)) as Row | undefined,
      put: (key, row) => stage(key, structuredClone(row)),
      delete: (key) => stage(key, undefined),
      all: () => {
        const merged = new Map([...this.#base.rows(name), ...(this.#staged.get(name) ?? [])]);
        return [...merged.values()]
          .filter((row) => row !== undefined)
          .map((row) => structuredClone(row) as Row);
      },
    };
  }

  apply(): void {
    for (const [table, changes] of this.#staged) this.#base.apply(table, changes);
  }
}

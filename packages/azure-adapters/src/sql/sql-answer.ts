import mssql from 'mssql';
import type { SqlParameters } from './sql-parameters.js';

/** What a server answered: rows as the values of their columns, and what it complained of. */
export interface SqlAnswer {
  readonly sets: readonly (readonly unknown[])[][];
  readonly errors: readonly Error[];
}

/** Something that requests can be made on: a pool, or a transaction. */
export type SqlParent = mssql.ConnectionPool | mssql.Transaction;

/**
 * One round trip. Never rejects: what came before an error counts too. The row behind a `COMMIT` proves that it was
 * done, whatever comes after it.
 *
 * - `rpc`: with parameters; what it SETs ends with it.
 * - `batch`: without any; what it SETs stays with the connection, and a transaction that it begins is open afterwards.
 */
export function ask(
  parent: SqlParent,
  sql: string,
  parameters: SqlParameters | 'batch' = {},
): Promise<SqlAnswer> {
  return new Promise((resolve) => {
    const request = new mssql.Request(parent as mssql.ConnectionPool);
    // Asked for as they come: else an error takes the rows before it away.
    request.stream = true;
    request.arrayRowMode = true;
    const sets: (readonly unknown[])[][] = [];
    const errors: Error[] = [];
    request.on('recordset', () => void sets.push([]));
    request.on('row', (row) => void sets.at(-1)?.push(row as unknown as readonly unknown[]));
    request.on('error', (error: Error) => void errors.push(error));
    request.on('done', () => resolve({ sets, errors }));
    if (parameters === 'batch') return void request.batch(sql);
    for (const [name, { type, value }] of Object.entries(parameters)) request.input(name, type, value);
    request.query(sql);
  });
}

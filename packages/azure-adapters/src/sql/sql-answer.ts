import mssql from 'mssql';
import type { SqlParameters } from './sql-parameters.js';

/** What a server answered: rows as the values of their columns, and what it complained of. */
export interface SqlAnswer {
  readonly sets: readonly (readonly unknown[])[][];
  readonly errors: readonly Error[];
  /** There was more, and it was not waited for. */
  readonly isCut: boolean;
}

export interface AskOptions {
  readonly enough?: Enough | undefined;
  /** How long the answer may take; 0 for any time. Default: that of the pool. */
  readonly timeoutInMs?: number | undefined;
}

/** Asked after each row: whether that was enough. The server is then told to send no more. */
export type Enough = (row: readonly unknown[]) => boolean;

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
  { enough = () => false, timeoutInMs }: AskOptions = {},
): Promise<SqlAnswer> {
  return new Promise((resolve) => {
    const request = requestOn(parent, timeoutInMs);
    // Asked for as they come: else an error takes the rows before it away.
    request.stream = true;
    request.arrayRowMode = true;
    const sets: (readonly unknown[])[][] = [];
    const errors: Error[] = [];
    request.on('recordset', () => void sets.push([]));
    let isCut = false;
    request.on('row', (values) => {
      if (isCut) return;
      const row = values as unknown as readonly unknown[];
      sets.at(-1)?.push(row);
      isCut = enough(row);
      if (isCut) request.cancel();
    });
    request.on('error', (error: Error) => {
      if (!isCut || !isCancelled(error)) errors.push(error);
    });
    request.on('done', () => resolve({ sets, errors, isCut }));
    if (parameters === 'batch') return void request.batch(sql);
    for (const [name, { type, value }] of Object.entries(parameters)) request.input(name, type, value);
    request.query(sql);
  });
}

function requestOn(parent: SqlParent, timeoutInMs: number | undefined): mssql.Request {
  const overrides = timeoutInMs === undefined ? {} : { requestTimeout: timeoutInMs };
  return new (mssql.Request as unknown as RequestConstructor)(parent, overrides);
}

/** As it is; the types know nothing of the second argument. */
type RequestConstructor = new (
  parent: SqlParent,
  overrides: { readonly requestTimeout?: number },
) => mssql.Request;

function isCancelled(error: Error): boolean {
  return (error as { readonly code?: unknown }).code === 'ECANCEL';
}

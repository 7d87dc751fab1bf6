import {
  ConcurrencyConflictError,
  DiptychError,
  isDiptychError,
  ProgrammingError,
  UnavailableError,
} from '@diptych/core';

/** Numbers of our own, for `THROW`. */
export const thrown = {
  wrongVersion: 51_001,
  otherPartitionKey: 51_002,
  outOfOrder: 51_003,
  markGone: 51_004,
  notInTransaction: 51_005,
  copyUnknown: 51_006,
} as const;

const transactionCountChanged = 266;
const duplicateKey = new Set([2627, 2601]);
const snapshotConflict = new Set([3960, 3961]);
const lockTimeout = 1222;
const deadlock = 1205;

/** The service is busy, moving or restarting: https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues */
const transient = new Set([
  20, 64, 121, 233, 596, 615, 926, 4221, 6005, 10_053, 10_054, 10_060, 10_928, 10_929, 40_143, 40_166, 40_174,
  40_197, 40_501, 40_540, 40_549, 40_550, 40_613, 41_301, 41_302, 41_305, 41_325, 41_839, 42_108, 42_109,
  49_918, 49_919, 49_920,
]);

/** It has no memory, locks or workers left, or a replica of it is not ready, or takes over just now. */
const exhausted = new Set([
  701, 802, 823, 824, 921, 922, 924, 927, 945, 976, 978, 983, 1204, 3906, 3908, 3947, 3958, 3966, 3967, 8645,
  8651, 9001,
]);

/** Whoever gets one of these does not know what the server did last. */
const connectionEnded = new Set([20, 64, 121, 233, 596, 6005, 10_053, 10_054, 10_060, 40_197, 40_613]);

/** Errors of the driver's with these codes speak of a request that was not sent. */
const neverSent = new Set([
  'ENOTOPEN',
  'ENOCONN',
  'EINVALIDSTATE',
  'ENOTBEGUN',
  'EREQINPROG',
  'EPARAM',
  'EARGS',
]);

/** A value was too long for its column: the message's fault, and not the database's. */
const truncated = new Set([2628, 8152]);

interface Refusal {
  readonly code: string;
  readonly what: string;
}

const refusals: Readonly<Record<number, Refusal>> = {
  18456: {
    code: 'database-login',
    what: 'The server refused the login: check the user, the password or the credential',
  },
  18452: {
    code: 'database-login',
    what: 'The server refused the login: check the user, the password or the credential',
  },
  4060: { code: 'database-cannot-open', what: 'The database does not exist, or this login may not open it' },
  229: { code: 'database-forbidden', what: 'This login has not the right to' },
  230: { code: 'database-forbidden', what: 'This login has not the right to' },
  262: {
    code: 'database-forbidden',
    what: 'This login may not create what is needed. Let somebody run the scripts who may',
  },
  2760: {
    code: 'database-forbidden',
    what: 'This login may not create tables in the schema. Let somebody run the scripts who may',
  },
  208: {
    code: 'schema-missing',
    what: 'A table is not there: run the migration scripts, or let `provision` create them',
  },
};

const full: ReadonlySet<number> = new Set([1105, 9002, 40_544, 40_551, 40_552, 40_553]);

/** A stand-in for SQL Server gives most faults one number: then the text tells. */
const numbersByText: readonly (readonly [RegExp, number])[] = [
  [/due to lock timeout/, lockTimeout],
  [/could not serialize access/, 3960],
  [/permission denied for schema|permission denied for database/, 262],
  [/permission denied/, 229],
  [/relation ".*" does not exist/, 208],
  [/duplicate key value violates unique constraint/, 2627],
  [/password authentication failed|Login failed for user/, 18_456],
  [/database ".*" does not exist/, 4060],
];

/** The number that SQL Server has for it; `undefined` for what no server said. */
export function sqlNumber(error: unknown): number | undefined {
  const { number } = (error ?? {}) as { readonly number?: unknown };
  if (typeof number !== 'number') return loginNumber(error);
  if (number !== standInFault) return number;
  const message = error instanceof Error ? error.message : '';
  return numbersByText.find(([text]) => text.test(message))?.[1] ?? number;
}

const standInFault = 33_557_097;

/** The error that decides, among those of one answer: not the one that a `COMMIT` within a call brings about. */
export function decisive(errors: readonly Error[]): Error | undefined {
  return errors.find((error) => sqlNumber(error) !== transactionCountChanged);
}

export function isDuplicateKey(error: unknown): boolean {
  return duplicateKey.has(sqlNumber(error) ?? 0);
}

export function isLockTimeout(error: unknown): boolean {
  return sqlNumber(error) === lockTimeout;
}

/**
 * Whether the server did nothing: it has said so, or the request never came to it. Of every other error nobody can tell
 * from it what the server did last.
 */
export function isRefused(error: unknown): boolean {
  if (wasNeverSent(error)) return true;
  const number = sqlNumber(error);
  const { class: severity = 0 } = (error ?? {}) as { readonly class?: number };
  return number !== undefined && severity < endsConnection && !connectionEnded.has(number);
}

/** From this severity on the server ends the connection, whatever became of the transaction. */
const endsConnection = 20;

/** No connection was to be had, or it was not asked. */
function wasNeverSent(error: unknown): boolean {
  const { name } = (error ?? {}) as { readonly name?: unknown };
  return name === 'ConnectionError' || name === 'TimeoutError' || neverSent.has(codeOf(error) ?? '');
}

/**
 * What the database said to a statement of ours, as `sqlError`. What that does not know is a fault of the store all the
 * same: it is not the message that must wait for an operator.
 */
export function storeError(error: unknown): unknown {
  const known = sqlError(error);
  if (isDiptychError(known)) return known;
  const number = sqlNumber(error);
  if (number !== undefined && truncated.has(number)) return known;
  return new DiptychError({
    code: 'database-error',
    message: `The database refused a statement: ${textOf(error)}`,
    origin: 'infrastructure',
    details: { number },
    cause: causeOf(error),
  });
}

/** What `mssql` threw, as an error of ours that says whether to try again; anything else as it is. */
export function sqlError(error: unknown): unknown {
  if (isDiptychError(error)) return error;
  const number = sqlNumber(error);
  if (number === undefined) return unansweredError(error);
  if (duplicateKey.has(number)) return duplicateKeyError(error, number);
  if (number === deadlock || snapshotConflict.has(number)) {
    return new ConcurrencyConflictError(
      `Another transaction came first: ${textOf(error)}`,
      { number },
      causeOf(error),
    );
  }
  if (number === lockTimeout)
    return new UnavailableError(`A lock was not given in time: ${textOf(error)}`, causeOf(error));
  if (transient.has(number) || exhausted.has(number))
    return new UnavailableError(`The database is busy: ${textOf(error)}`, causeOf(error));
  if (full.has(number)) {
    return new DiptychError({
      code: 'disk-full',
      message: `The database cannot grow; nothing was committed: ${textOf(error)}`,
      retryable: true,
      origin: 'infrastructure',
      details: { number },
      cause: causeOf(error),
    });
  }
  return refusal(error, number) ?? error;
}

function refusal(error: unknown, number: number): DiptychError | undefined {
  const known = refusals[number];
  if (known === undefined) return undefined;
  const { code, what } = known;
  return new DiptychError({
    code,
    message: `${what}. ${textOf(error)}`,
    origin: 'infrastructure',
    details: { number },
    cause: causeOf(error),
  });
}

function unansweredError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'ENOTBEGUN' || code === 'EABORT') return transactionEndedError(error);
  if (code === 'EREQINPROG') {
    return new ProgrammingError(
      'statement-running',
      'Another statement of this transaction is still running: await each before the next.',
    );
  }
  if (!isOfConnection(error, code)) return error;
  return new UnavailableError(`The database cannot be reached: ${textOf(error)}`, causeOf(error));
}

/** Codes of the driver and of sockets begin so. A pool that has none to give, and a credential, have errors of their own. */
function isOfConnection(error: unknown, code: string | undefined): boolean {
  if (code !== undefined) return /^E[A-Z_]+$/.test(code) && code !== 'EREQUEST';
  return error instanceof AggregateError || wasNeverSent(error);
}

export function transactionEndedError(cause?: unknown): ProgrammingError {
  const error = new ProgrammingError(
    'transaction-ended-by-statement',
    'A statement ended the transaction: leave BEGIN, COMMIT and ROLLBACK to the session, and let its errors through.',
  );
  return cause === undefined ? error : Object.assign(error, { cause: causeOf(cause) });
}

function duplicateKeyError(error: unknown, number: number): DiptychError {
  return new DiptychError({
    code: 'duplicate-key',
    message: 'A row with that key is there already.',
    details: { number },
    cause: causeOf(error),
  });
}

const loginRefused = 18_456;

function loginNumber(error: unknown): number | undefined {
  return codeOf(error) === 'ELOGIN' ? loginRefused : undefined;
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** What the driver throws may carry its configuration, and causes are logged: only what it says is kept. */
function causeOf(error: unknown): Error {
  const { number, code, procName, lineNumber } = (error ?? {}) as Record<string, unknown>;
  return Object.assign(new Error(textOf(error)), { number, code, procName, lineNumber });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

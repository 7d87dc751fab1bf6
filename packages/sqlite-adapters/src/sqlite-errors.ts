import {
  DiptychError,
  isDiptychError,
  OutcomeUnknownError,
  ProgrammingError,
  UnavailableError,
} from '@diptych/core';

// The primary result codes of SQLite: https://www.sqlite.org/rescode.html
const busy = 5;
const locked = 6;
const readOnly = 8;
const inputOutput = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const protocol = 15;
const notADatabase = 26;

/** What the driver threw, as an error of ours that names the file and says what to do; anything else as it is. */
export function sqliteError(error: unknown, path: string): unknown {
  if (isDiptychError(error)) return error;
  if (isClosed(error)) {
    return new ProgrammingError('database-closed', `The database '${path}' was closed.`, { path });
  }
  const code = primaryCodeOf(error);
  if (code === busy || code === locked || code === protocol) return lockedError(path, error);
  const known = code === undefined ? undefined : faults[code];
  if (known === undefined) return error;
  const { retryable = false, message, ...rest } = known;
  return new DiptychError({
    ...rest,
    message: message(path),
    retryable,
    origin: 'infrastructure',
    details: { path },
    cause: error,
  });
}

/** An error that `COMMIT` itself ended with: where the disk failed, nobody knows what it kept. */
export function commitError(error: unknown, path: string): unknown {
  if (primaryCodeOf(error) !== inputOutput) return sqliteError(error, path);
  return new OutcomeUnknownError(`Writing to '${path}' failed at the commit.`, { path }, error);
}

/** Another process, or another database of this one, holds what is needed: asking again may succeed. */
export function isLocked(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === busy || code === locked || code === protocol;
}

export function lockedError(path: string, cause?: unknown): UnavailableError {
  return new UnavailableError(`'${path}' is held by another process for too long.`, cause);
}

interface Fault {
  readonly code: string;
  readonly retryable?: boolean;
  readonly message: (path: string) => string;
}

const faults: Readonly<Record<number, Fault>> = {
  [readOnly]: {
    code: 'database-read-only',
    message: (path) =>
      `'${path}' cannot be written: give this process the right to write the file, its folder, and the files '-wal' and '-shm' beside it.`,
  },
  [inputOutput]: {
    code: 'unavailable',
    retryable: true,
    message: (path) => `Reading or writing '${path}' failed; nothing was committed.`,
  },
  [corrupt]: {
    code: 'database-corrupt',
    message: (path) =>
      `'${path}' is damaged. Stop the program, keep the file, and restore a copy made before; nothing was changed.`,
  },
  [full]: {
    code: 'disk-full',
    retryable: true,
    message: (path) =>
      `'${path}' cannot grow: the disk, or the size it may have, is used up. Nothing was committed; make room and try again.`,
  },
  [cannotOpen]: {
    code: 'database-cannot-open',
    message: (path) =>
      `'${path}' cannot be opened: its folder must exist, and this process must be allowed to read and write there.`,
  },
  [notADatabase]: {
    code: 'database-corrupt',
    message: (path) =>
      `'${path}' is no SQLite database, or its beginning is damaged. Name another file, or restore a copy; nothing was changed.`,
  },
};

function primaryCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return codesByText.get(error.message);
}

// @photostructure/sqlite gives no code where a statement fails while its rows are read, only SQLite's own text.
const codesByText: ReadonlyMap<string, number> = new Map([
  ['database is locked', busy],
  ['database table is locked', locked],
  ['attempt to write a readonly database', readOnly],
  ['disk I/O error', inputOutput],
  ['database disk image is malformed', corrupt],
  ['database or disk is full', full],
  ['unable to open database file', cannotOpen],
  ['locking protocol', protocol],
  ['file is not a database', notADatabase],
]);

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
}

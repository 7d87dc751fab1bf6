import { DiptychError, isDiptychError, UnavailableError } from '@diptych/core';

interface Refusal {
  readonly code: string;
  readonly what: string;
  readonly retryable?: boolean;
}

const login: Refusal = {
  code: 'database-login',
  what: 'Redis refused the login: check the user, the password or the credential',
};

/** By the word that a reply of Redis begins with. */
const refusals: Readonly<Record<string, Refusal>> = {
  NOAUTH: login,
  WRONGPASS: login,
  NOPERM: { code: 'database-forbidden', what: 'This user of Redis has not the right to do that' },
  OOM: {
    code: 'memory-full',
    what: 'Redis has no memory left, and took nothing',
    retryable: true,
  },
};

/** The server is loading, was demoted, or its cluster is not in order: it will answer again. */
const passing = new Set([
  'READONLY',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'MOVED',
  'ASK',
  'BUSY',
  'MISCONF',
  'NOREPLICAS',
  'UNBLOCKED',
]);

/** What ioredis says where no server said anything. */
const unansweredTexts =
  /^Command timed out|^Connection is closed|^Stream isn't writeable|^Cluster isn't ready|^Cluster is ended|^None of startup nodes|^Too many Cluster redirections|^Failed to refresh slots cache|^Command aborted|^connect E|^Socket timeout|^Connection is aborted/;

const unansweredNames = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'AbortError']);

/** The word that a reply begins with: `OOM`, `MOVED`, …; `undefined` for what no server said. */
export function replyCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined;
  return /^[A-Z]+/.exec(error.message)?.[0];
}

/** Whether nobody can tell from this error what the server did. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === 'ReplyError') return false;
  const { code } = error as { readonly code?: unknown };
  return (
    unansweredNames.has(error.name) ||
    unansweredTexts.test(error.message) ||
    // Of sockets, name servers and certificates.
    (typeof code === 'string' && /^[A-Z_]+$/.test(code))
  );
}

/** What ioredis threw, as an error of ours that says whether to try again; anything else as it is. */
export function redisError(error: unknown): unknown {
  if (isDiptychError(error)) return error;
  if (isUnanswered(error)) {
    return new UnavailableError(`Redis cannot be reached: ${textOf(error)}`, causeOf(error));
  }
  const code = replyCode(error) ?? '';
  if (passing.has(code)) {
    return new UnavailableError(`Redis does not serve this now: ${textOf(error)}`, causeOf(error));
  }
  const refusal = refusals[code];
  return refusal === undefined ? error : refused(refusal, error);
}

function refused({ code, what, retryable }: Refusal, error: unknown): DiptychError {
  return new DiptychError({
    code,
    message: `${what}. ${textOf(error)}`,
    retryable,
    origin: 'infrastructure',
    cause: causeOf(error),
  });
}

/** Errors of the driver carry the command with all its values, and causes are logged: only what it says is kept. */
function causeOf(error: unknown): Error {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return Object.assign(new Error(textOf(error)), { code });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

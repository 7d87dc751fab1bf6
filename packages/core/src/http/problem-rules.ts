/** How an error of one code looks to an HTTP caller. */
export interface ProblemRule {
  readonly status: number;
  /** Seconds, for `Retry-After`. */
  readonly retryAfterInS?: number;
  /** Stands in for the error's own message and details where those speak of the inside of the program. */
  readonly detail?: string;
}

/**
 * Codes to statuses. A refusal by the domain (`RefusedError`) is 422 under its own code; what stands neither
 * here nor is one is 500 `internal`, and says nothing about itself.
 */
export const problemRules: Readonly<Record<string, ProblemRule>> = {
  // The request.
  'not-found': { status: 404 },
  'unknown-message': { status: 404 },
  'unknown-command-id': { status: 404 },
  'method-not-allowed': { status: 405 },
  'unsupported-media-type': { status: 415 },
  'body-too-large': { status: 413 },
  'body-incomplete': { status: 400 },
  'invalid-encoding': { status: 400 },
  'malformed-json': { status: 400 },
  'forbidden-key': { status: 400 },
  'too-deep': { status: 400 },
  'invalid-header': { status: 400 },
  'invalid-parameter': { status: 400 },
  // The message. 422 is kept for refusals by the domain.
  'invalid-message': { status: 400 },
  'message-too-large': { status: 413 },
  'unit-too-large': { status: 413 },
  'invalid-consistency': { status: 400 },
  'page-after': { status: 400 },
  'consistency-incarnation': { status: 409 },
  'consistency-beyond-head': { status: 409 },
  'idempotency-mismatch': { status: 422 },
  unauthenticated: { status: 401 },
  // A policy's name is not the caller's business.
  forbidden: { status: 403, detail: 'This subject may not do that.' },
  // The moment.
  'command-in-progress': {
    status: 409,
    retryAfterInS: 1,
    detail: 'The same command is being handled. Ask again under the same key for its result.',
  },
  'concurrency-conflict': {
    status: 409,
    detail:
      'Something else changed the same data first. Nothing was changed; the same request may succeed now.',
  },
  aborted: { status: 499, detail: 'The caller stopped waiting.' },
  // The program's surroundings.
  'after-timeout': {
    status: 503,
    retryAfterInS: 1,
    detail: 'The command itself succeeded; what this query reads has not caught up with it yet.',
  },
  'after-too-many': {
    status: 503,
    retryAfterInS: 1,
    detail: 'The command itself succeeded; too many queries wait for the same already.',
  },
  'after-parked': {
    status: 503,
    detail: 'The command itself succeeded; what this query reads cannot take it in until an operator acts.',
  },
  'read-model-not-ready': {
    status: 503,
    retryAfterInS: 5,
    detail: 'What this query reads is still being made from the journal.',
  },
  'documents-lost': {
    status: 503,
    retryAfterInS: 5,
    detail: 'What this query reads was lost by its store, and is being made from the journal again.',
  },
  'time-limit': { status: 503, retryAfterInS: 1, detail: 'It took too long. Nothing was changed.' },
  'app-stopped': { status: 503, retryAfterInS: 1, detail: 'The program is stopping. Nothing was changed.' },
  unavailable: {
    status: 503,
    retryAfterInS: 5,
    detail: 'Something that is needed for this cannot be reached.',
  },
  'disk-full': { status: 503, detail: 'Nothing can be stored at the moment. Nothing was changed.' },
  'memory-full': { status: 503, detail: 'Nothing can be stored at the moment. Nothing was changed.' },
  'database-read-only': { status: 503, detail: 'Nothing can be stored at the moment. Nothing was changed.' },
  throttled: {
    status: 503,
    retryAfterInS: 1,
    detail: 'What is needed for this is asked too much at the moment.',
  },
  'outcome-unknown': {
    status: 504,
    retryAfterInS: 1,
    detail: 'Whether the command was carried out is not known. Ask again under the same Idempotency-Key.',
  },
};

export const refusalRule: ProblemRule = { status: 422 };
export const internalRule: ProblemRule = { status: 500, detail: 'Something went wrong inside the program.' };

import { type DiptychError, isDiptychError } from '../errors/diptych-error.js';
import { RefusedError } from '../errors/domain-errors.js';
import type { SchemaFault } from '../messages/schema.js';
import { internalRule, type ProblemRule, problemRules, refusalRule } from './problem-rules.js';
import { UnauthenticatedError } from './request-errors.js';

/** The body of every answer that is not a success: `application/problem+json`, RFC 9457. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  /** Stable: programs compare this. */
  readonly code: string;
  /** For people. */
  readonly detail: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Where the first fault of the message is: `['lines', 0, 'quantity']`. */
  readonly path?: SchemaFault['path'];
  readonly faults?: readonly SchemaFault[];
  /** Facts that belong to the code. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The problem that an error is to an HTTP caller. No stack and no text of an unknown error gets into it. */
export function problemOf(error: unknown): Problem {
  const rule = ruleOf(error);
  const known = rule === internalRule ? undefined : (error as DiptychError);
  return {
    type: 'about:blank',
    title: titles[rule.status] ?? 'Error',
    status: rule.status,
    code: known?.code ?? 'internal',
    detail: rule.detail ?? known?.message ?? '',
    retryable: known?.retryable ?? false,
    ...(known === undefined || rule.detail !== undefined ? {} : factsOf(known)),
  };
}

/** The answer to a request that failed. `challenge` goes with 401. */
export function problemResponse(error: unknown, challenge: string): Response {
  const problem = problemOf(error);
  const headers = new Headers({
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  const { retryAfterInS } = ruleOf(error);
  if (retryAfterInS !== undefined) headers.set('Retry-After', String(retryAfterInS));
  if (problem.status === 401) {
    const own = error instanceof UnauthenticatedError ? error.challenge : undefined;
    headers.set('WWW-Authenticate', own ?? challenge);
  }
  const allow = problem.details?.allow;
  if (problem.status === 405 && Array.isArray(allow)) headers.set('Allow', allow.join(', '));
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

function ruleOf(error: unknown): ProblemRule {
  if (error instanceof RefusedError) return refusalRule;
  if (!isDiptychError(error) || !Object.hasOwn(problemRules, error.code)) return internalRule;
  return problemRules[error.code] ?? internalRule;
}

function factsOf({ details }: DiptychError): Pick<Problem, 'path' | 'faults' | 'details'> {
  const { faults, ...rest } = asJson(details);
  const path = Array.isArray(faults) ? (faults[0] as SchemaFault | undefined)?.path : undefined;
  return {
    ...(path === undefined ? {} : { path }),
    ...(Array.isArray(faults) ? { faults: faults as SchemaFault[] } : {}),
    ...(Object.keys(rest).length === 0 ? {} : { details: rest }),
  };
}

// Details come from programs too; what is not JSON is left out and never spoils the answer.
function asJson(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(details));
  } catch {
    return {};
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

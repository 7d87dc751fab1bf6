import { type FaultOrigin, isDiptychError } from '../errors/diptych-error.js';

/** How often, and when, something is tried again. */
export interface RetryRule {
  /** How many times at once. Default 0. */
  readonly immediate?: number;
  /** Then after each of these pauses, in milliseconds. */
  readonly delaysInMs?: readonly number[];
  /** `full`: each pause is a random part of what it says, so that rivals do not meet again. Default `none`. */
  readonly jitter?: 'none' | 'full';
}

/**
 * Rules by the code of an error (`'concurrency-conflict'`), or else by its origin (`'infrastructure'`). By
 * origin only retryable errors are tried again, and never `outcome-unknown`: what may have been committed already
 * would be done twice. Errors without a rule are not tried again.
 */
export type RetryPolicy = Readonly<Partial<Record<FaultOrigin, RetryRule>>> &
  Readonly<Record<string, RetryRule | undefined>>;

/**
 * How long to wait before trying again after that many failed attempts (1 for the first), in milliseconds: 0 for
 * at once, `undefined` for never.
 */
export function retryDelayInMs(
  policy: RetryPolicy,
  error: unknown,
  attempts: number,
  random: () => number = Math.random,
): number | undefined {
  const rule = ruleFor(policy, error);
  if (rule === undefined) return undefined;
  const { immediate = 0, delaysInMs = [], jitter = 'none' } = rule;
  if (attempts <= immediate) return 0;
  const delay = delaysInMs[attempts - immediate - 1];
  return delay === undefined || jitter === 'none' ? delay : Math.round(delay * random());
}

function ruleFor(policy: RetryPolicy, error: unknown): RetryRule | undefined {
  if (!isDiptychError(error)) return undefined;
  const byCode = Object.hasOwn(policy, error.code) ? policy[error.code] : undefined;
  if (byCode !== undefined) return byCode;
  return error.retryable && error.code !== 'outcome-unknown' ? policy[error.origin] : undefined;
}

/** What commands are retried by, unless their handler says otherwise. */
export const defaultCommandRetry: RetryPolicy = {
  'concurrency-conflict': { immediate: 2, delaysInMs: [10, 30, 100, 300], jitter: 'full' },
  unavailable: { delaysInMs: [50, 200], jitter: 'full' },
};

/** What queries are retried by, unless their handler says otherwise. */
export const defaultQueryRetry: RetryPolicy = { unavailable: { delaysInMs: [50, 200], jitter: 'full' } };

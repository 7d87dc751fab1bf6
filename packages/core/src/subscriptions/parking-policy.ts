import { isDiptychError } from '../errors/diptych-error.js';
import type { ParkedFailure } from './parked-message.js';

export interface ParkingRule {
  /** How often a message is tried again at once, before it parks. */
  readonly immediate: number;
  /** How long it then waits before each further round of tries; after the last it waits for an operator. */
  readonly delaysInMs: readonly number[];
  /** Lengthens each delay by a random part of it: 0 not at all, 1 up to twice as long. Default 0. */
  readonly jitter?: number;
}

/** What happens with a message that could not be handled. Plain data. */
export interface ParkingPolicy extends ParkingRule {
  /** Other rules for errors with these codes. */
  readonly byCode?: Readonly<Record<string, ParkingRule>>;
}

export const defaultParkingPolicy: ParkingPolicy = {
  immediate: 2,
  delaysInMs: [1_000, 10_000, 60_000],
  jitter: 0.2,
};

export function ruleFor(policy: ParkingPolicy, error: unknown): ParkingRule {
  return policy.byCode?.[codeOf(error)] ?? policy;
}

/** The failure to park a message with, after `attempts` tries in all. */
export function parkedFailure(policy: ParkingPolicy, error: unknown, attempts: number): ParkedFailure {
  const { immediate, delaysInMs, jitter = 0 } = ruleFor(policy, error);
  const round = Math.ceil(attempts / (immediate + 1)) - 1;
  const delay = delaysInMs[round];
  return {
    code: codeOf(error),
    message: error instanceof Error ? error.message : String(error),
    attempts,
    delayInMs: delay === undefined ? undefined : Math.round(delay * (1 + jitter * Math.random())),
  };
}

/** The failure of a message that no later try can help: it waits for an operator. */
export function heldFailure(error: unknown): ParkedFailure {
  return { ...parkedFailure({ immediate: 0, delaysInMs: [] }, error, 1), delayInMs: undefined };
}

function codeOf(error: unknown): string {
  if (isDiptychError(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Who is to blame decides what happens next: a fault of the `message` parks it, a fault of the
 * `infrastructure` (store, transport, network) pauses and is tried again, and a `programming` fault is shown
 * to the developer who made it.
 */
export type FaultOrigin = 'message' | 'infrastructure' | 'programming';

export interface DiptychErrorOptions {
  readonly code: string;
  readonly message: string;
  /** Whether the same call may succeed when it is made again. Default `false`. */
  readonly retryable?: boolean | undefined;
  /** Default `'message'`. */
  readonly origin?: FaultOrigin | undefined;
  /** Facts for programs: JSON values only, never secrets. They reach HTTP callers. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown | undefined;
}

// Registered globally, so that an error of a second copy of this package is still recognised.
const brand: unique symbol = Symbol.for('diptych.error') as never;

/** The base of every error that Diptych throws. Programs compare `code`, which is stable; people read `message`. */
export class DiptychError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly origin: FaultOrigin;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [brand] = true;

  constructor(options: DiptychErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable ?? false;
    this.origin = options.origin ?? 'message';
    this.details = options.details ?? {};
  }
}

/** Recognises an error of Diptych, of another copy of the package too. With `code`, only that one. */
export function isDiptychError(error: unknown, code?: string): error is DiptychError {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false;
  return code === undefined || (error as DiptychError).code === code;
}

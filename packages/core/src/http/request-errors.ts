import { DiptychError } from '../errors/diptych-error.js';
import type { SchemaFault } from '../messages/schema.js';

export type RequestFaultCode =
  | 'not-found'
  | 'unknown-message'
  | 'unknown-command-id'
  | 'method-not-allowed'
  | 'unsupported-media-type'
  | 'body-too-large'
  | 'body-incomplete'
  | 'invalid-encoding'
  | 'malformed-json'
  | 'forbidden-key'
  | 'too-deep'
  | 'invalid-header'
  | 'invalid-parameter';

/** An HTTP request that cannot be made into a message. Nothing was handled. */
export class RequestError extends DiptychError {
  constructor(code: RequestFaultCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code, message, details });
  }
}

/** The same, at one place in the request's data. */
export function faultAt(code: RequestFaultCode, path: SchemaFault['path'], message: string): RequestError {
  return new RequestError(code, message, { faults: [{ path, message }] });
}

/**
 * The caller's credentials are missing or are not good. `identify` throws it; the answer is 401.
 * `challenge` is the value of `WWW-Authenticate`; by default that of `httpHandler`.
 */
export class UnauthenticatedError extends DiptychError {
  readonly challenge: string | undefined;

  constructor(
    message = 'Say who you are.',
    options: { readonly challenge?: string; readonly cause?: unknown } = {},
  ) {
    super({ code: 'unauthenticated', message, cause: options.cause });
    this.challenge = options.challenge;
  }
}

import { DiptychError, UnavailableError } from '@diptych/core';

/** What the service says when it was asked too much, also where the SDK leaves nothing else of its answer. */
const throttled = /Request rate is large|TooManyRequests/;

/** A failed request as one of our errors. */
export function readError(error: unknown): DiptychError {
  return storeError(error, 'read documents');
}

export function writeError(error: unknown): DiptychError {
  return storeError(error, 'write documents');
}

function storeError(error: unknown, doing: string): DiptychError {
  if (error instanceof DiptychError) return error;
  const { code, statusCode, message } = error as {
    readonly code?: unknown;
    readonly statusCode?: number;
    readonly message?: unknown;
  };
  const isThrottled = code === 429 || statusCode === 429 || throttled.test(String(message));
  const what = isThrottled ? 'it throttles' : String(message ?? `status ${statusCode}`);
  return new UnavailableError(`Cosmos DB could not ${doing}: ${what}`, error);
}

import { DiptychError, UnavailableError } from '@diptych/core';

/** What the service says when it was asked too much, also where the SDK leaves nothing else of its answer. */
const throttled = /Request rate is large|TooManyRequests/;

/** It was asked too much, for longer than the SDK waits: nothing was done. */
export function isThrottled(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return code === 429 || throttled.test(String(message));
}

/** An error of the SDK as one of ours. */
export function storeError(error: unknown): DiptychError {
  if (error instanceof DiptychError) return error;
  const what = isThrottled(error) ? 'throttles subscriptions' : 'does not answer as it should';
  return new UnavailableError(`Cosmos DB ${what}: ${(error as Error).message}`, error);
}

/** One operation of a batch was refused, and not because somebody else was faster. */
export function refusedOperation(statusCode: number | undefined): DiptychError {
  return new UnavailableError(`Cosmos DB refused to write a subscription, with status ${statusCode}.`);
}

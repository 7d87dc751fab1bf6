import { DiptychError, UnavailableError } from '@diptych/core';

interface RestFailure {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
}

/** A fault of Event Grid as one of ours. What the SDK throws may carry the request with its key: only what it says is kept. */
export function eventGridError(error: unknown, doing: string): DiptychError {
  if (error instanceof DiptychError) return error;
  const { statusCode, code, message } = (error ?? {}) as RestFailure;
  const cause = Object.assign(new Error(String(message ?? error)), { statusCode, code });
  if (statusCode === 401 || statusCode === 403)
    return new UnavailableError(
      `Event Grid: the key or credential does not give the right to ${doing}.`,
      cause,
    );
  const what = statusCode === undefined ? (code ?? 'no answer') : `status ${statusCode}`;
  return new UnavailableError(`Event Grid could not ${doing}: ${cause.message} (${what})`, cause);
}

export function statusOf(error: unknown): number | undefined {
  return (error as RestFailure | undefined)?.statusCode;
}

export function eventTooLarge(id: string, maxBytes: number): DiptychError {
  return new DiptychError({
    code: 'message-too-large',
    message: `Message ${id} has more than the ${maxBytes} bytes that Event Grid takes.`,
    details: { id, maxBytes },
  });
}

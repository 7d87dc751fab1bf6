import { DiptychError, isDiptychError, UnavailableError } from '@diptych/core';

interface RestFailure {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

export function statusOf(error: unknown): number | undefined {
  return (error as RestFailure | undefined)?.statusCode;
}

/** A fault of the service as one of ours. What the SDK throws has the request with its key: only what it says is kept. */
export function searchError(error: unknown, doing: string): DiptychError {
  if (isDiptychError(error)) return error;
  const { statusCode, code, message } = (error ?? {}) as RestFailure;
  const cause = Object.assign(new Error(String(message ?? error)), { statusCode, code });
  if (statusCode === 400) return refusedRequest(doing, cause);
  if (statusCode === 401 || statusCode === 403)
    return new UnavailableError(
      `AI Search: the key or credential does not give the right to ${doing}.`,
      cause,
    );
  const what = statusCode === undefined ? (code ?? 'no answer') : `status ${statusCode}`;
  return new UnavailableError(`AI Search could not ${doing}: ${cause.message} (${what})`, cause);
}

/** How long the service wants to be left alone, in milliseconds. */
export function retryAfterOf(error: unknown): number | undefined {
  const headers = (error as RestFailure | undefined)?.response?.headers;
  const inMs = Number(headers?.get('retry-after-ms') ?? headers?.get('x-ms-retry-after-ms') ?? Number.NaN);
  if (inMs >= 0) return inMs;
  const inSeconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return inSeconds >= 0 ? inSeconds * 1_000 : undefined;
}

function refusedRequest(doing: string, cause: Error): DiptychError {
  return new DiptychError({
    code: 'search-refused',
    message: `AI Search refused to ${doing}: ${cause.message}`,
    cause,
  });
}

/** An index that was there is gone, though its read model is not. */
export function indexMissing(name: string): DiptychError {
  return new DiptychError({
    code: 'search-index-missing',
    message: `There is no index '${name}'. If nobody dropped its read model, rebuild that: what was in the index is not sent again.`,
    origin: 'infrastructure',
    details: { index: name },
  });
}

export function indexDiffers(name: string, differences: readonly string[]): DiptychError {
  return new DiptychError({
    code: 'search-index-differs',
    message: `Index '${name}' is not as it is declared: ${differences.join('; ')}. Raise the projection's version.`,
    origin: 'infrastructure',
    details: { index: name, differences },
  });
}

/** What a client is answered when its request cannot be served. */
export class SearchError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterInMs?: number,
  ) {
    super(message);
  }
}

export const badRequest = (text: string) => new SearchError(400, 'InvalidRequestParameter', text);
export const invalidBody = (text: string) =>
  new SearchError(400, '', `The request is invalid. Details: ${text}`);
export const unauthorized = (text: string) => new SearchError(401, 'Unauthorized', text);
export const forbidden = (text: string) => new SearchError(403, 'Forbidden', text);
export const notFound = (text: string) => new SearchError(404, 'ResourceNotFound', text);
export const methodNotAllowed = (text: string) => new SearchError(405, 'MethodNotAllowed', text);
export const nameInUse = (text: string) => new SearchError(409, 'ResourceNameAlreadyInUse', text);
export const preconditionFailed = () =>
  new SearchError(412, 'PreconditionFailed', 'The precondition given in the request headers is not met.');
export const tooLarge = (text: string) => new SearchError(413, 'RequestEntityTooLarge', text);
export const tooManyRequests = (retryAfterInMs: number) =>
  new SearchError(429, 'TooManyRequests', 'You have exceeded your quota of requests.', retryAfterInMs);
export const unavailable = (retryAfterInMs: number) =>
  new SearchError(
    503,
    'ServiceUnavailable',
    'The service is too busy. Please try again later.',
    retryAfterInMs,
  );

/** Does the work. Throws for what is nested deeper than the stack of this process allows. */
export function refusingDepth<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`${what} is nested too deeply.`);
    throw error;
  }
}

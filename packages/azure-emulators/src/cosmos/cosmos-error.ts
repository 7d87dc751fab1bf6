/** What a client is answered when its request cannot be served. */
export class CosmosError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extra: { readonly substatus?: number; readonly retryAfterInMs?: number } = {},
  ) {
    super(message);
  }
}

const errorsIn = (text: string) => `Message: ${JSON.stringify({ Errors: [text] })}`;

export const badRequest = (text: string, substatus?: number) =>
  new CosmosError(400, 'BadRequest', errorsIn(text), substatus === undefined ? {} : { substatus });
export const unauthorized = (text: string) => new CosmosError(401, 'Unauthorized', text);
export const forbidden = (text: string) => new CosmosError(403, 'Forbidden', errorsIn(text));
export const notFound = (text = 'Resource Not Found.') => new CosmosError(404, 'NotFound', errorsIn(text));
/** The database or container of a request about items. */
export const ownerNotFound = () =>
  new CosmosError(404, 'NotFound', errorsIn('Owner resource does not exist.'), { substatus: 1003 });
export const methodNotAllowed = (text: string) => new CosmosError(405, 'MethodNotAllowed', errorsIn(text));
export const conflict = (text: string) => new CosmosError(409, 'Conflict', errorsIn(text));
export const preconditionFailed = () =>
  new CosmosError(412, 'PreconditionFailed', errorsIn('One of the specified pre-condition is not met.'));
export const tooLarge = (text: string) => new CosmosError(413, 'RequestEntityTooLarge', errorsIn(text));
export const tooManyRequests = (retryAfterInMs: number) =>
  new CosmosError(429, 'TooManyRequests', errorsIn('Request rate is large.'), {
    substatus: 3200,
    retryAfterInMs,
  });
export const unavailable = () =>
  new CosmosError(503, 'ServiceUnavailable', errorsIn('The service is currently unavailable.'));

/** The replica that was asked has not come as far as the session token says. */
export const readSessionNotAvailable = () =>
  new CosmosError(
    404,
    'NotFound',
    errorsIn('The read session is not available for the input session token.'),
    {
      substatus: 1002,
    },
  );

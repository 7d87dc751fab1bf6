/** What a client is answered when its request cannot be served. */
export class EventGridError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new EventGridError(400, 'BadRequest', message);
export const notFound = (message: string) => new EventGridError(404, 'ResourceNotFound', message);
export const unauthorized = () =>
  new EventGridError(401, 'Unauthorized', 'The request has no key of this topic, or a wrong one.');
export const tooLarge = (bytes: number) =>
  new EventGridError(413, 'RequestEntityTooLarge', `A request has at most ${bytes} bytes.`);
export const throttled = () => new EventGridError(503, 'ServerBusy', 'The topic is being throttled.');

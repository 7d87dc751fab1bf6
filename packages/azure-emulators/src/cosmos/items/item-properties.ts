import { badRequest } from '../cosmos-error.js';

const longestId = 1023;

/** Throws for what no item can be named. */
export function readId(id: unknown): string {
  if (typeof id !== 'string' || id === '')
    throw badRequest("The required property 'id' is missing or is no text.");
  if (/[/\\?#]/.test(id) || id.endsWith(' ')) {
    throw badRequest(
      `The id '${id.slice(0, 100)}' contains illegal characters: none of / \\ ? # and no blank at its end.`,
    );
  }
  if (Buffer.byteLength(id) > longestId) throw badRequest(`An id has at most ${longestId} bytes.`);
  return id;
}

/** In seconds; -1 for ever; undefined where nothing is said. */
export function readTimeToLive(ttl: unknown): number | undefined {
  if (ttl === undefined || ttl === null) return undefined;
  if (Number.isInteger(ttl) && (ttl === -1 || ((ttl as number) > 0 && (ttl as number) <= 2 ** 31 - 1))) {
    return ttl as number;
  }
  throw badRequest('The time to live must be a whole number of seconds above 0, or -1.');
}

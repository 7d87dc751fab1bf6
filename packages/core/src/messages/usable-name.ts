import { ProgrammingError } from '../errors/programming-errors.js';

/** How long an id, a key or the name of a stream may be, in characters. */
const maxLength = 512;

/**
 * For what messages are remembered, ordered or stored under: an empty text would be a name like any other, and all
 * that forgot theirs would share it.
 * @throws ProgrammingError `invalid-name` for what is no text of 1 to 512 characters, or has half a surrogate pair.
 */
export function assertUsableName(name: unknown, what: string): asserts name is string {
  if (typeof name === 'string' && name !== '' && name.length <= maxLength && !/\p{Surrogate}/u.test(name)) {
    return;
  }
  throw new ProgrammingError('invalid-name', `${what} must be a text of 1 to ${maxLength} characters.`, {
    what,
  });
}

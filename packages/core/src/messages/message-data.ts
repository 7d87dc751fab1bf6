import { ProgrammingError } from '../errors/programming-errors.js';
import { InvalidMessageError } from './schema.js';

/** Keys that would change an instance's class, or hide it, when data is copied onto the instance. */
const forbiddenKeys = ['__proto__', 'constructor'] as const;

/**
 * What a schema gave back, as the data of a message: it is copied onto an instance, so it must be an object, and
 * without keys that reach the instance's prototype.
 * @throws InvalidMessageError for such a key; ProgrammingError `schema-not-object` when it is no object.
 */
export function messageData(value: unknown, wireName: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProgrammingError('schema-not-object', `The schema of '${wireName}' must give an object.`);
  }
  for (const key of forbiddenKeys) {
    if (!Object.hasOwn(value, key)) continue;
    throw new InvalidMessageError(wireName, [{ path: [key], message: `The key '${key}' is not allowed.` }]);
  }
  return value;
}

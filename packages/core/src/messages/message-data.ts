import { ProgrammingError } from '../errors/programming-errors.js';
import { InvalidMessageError, type SchemaFault } from './schema.js';

/** Keys that reach an object's prototype when somebody copies or merges what they were found in. */
const pollutingKeys: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * What a schema gave back, as the data of a message: it is copied onto an instance, so it must be an object, and
 * without keys that would change the instance's class.
 * @throws InvalidMessageError for such a key; ProgrammingError `schema-not-object` when it is no object.
 */
export function messageData(value: unknown, wireName: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProgrammingError('schema-not-object', `The schema of '${wireName}' must give an object.`);
  }
  if (Object.hasOwn(value, '__proto__') || Object.hasOwn(value, 'constructor')) {
    throw new InvalidMessageError(wireName, pollutionFaults(value));
  }
  return value;
}

/**
 * Refuses input from outside that carries a prototype-polluting key anywhere: `__proto__`, `constructor` or
 * `prototype`. For edges, on what `JSON.parse` gave them.
 * @throws InvalidMessageError with the path of each.
 */
export function refusePollutingKeys(input: unknown, wireName: string): void {
  const faults = pollutionFaults(input);
  if (faults.length > 0) throw new InvalidMessageError(wireName, faults);
}

interface Visit {
  readonly value: unknown;
  readonly key: string | number;
  readonly parent: Visit | undefined;
}

function pollutionFaults(root: unknown): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  // A list of what is still to be looked at, not recursion: the input's depth is the sender's choice.
  const open: Visit[] = [{ value: root, key: '', parent: undefined }];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { value } = visit;
    if (typeof value !== 'object' || value === null) continue;
    for (const name of Object.keys(value)) {
      const key = Array.isArray(value) ? Number(name) : name;
      const next = { value: (value as Record<string, unknown>)[name], key, parent: visit };
      if (!pollutingKeys.includes(name)) open.push(next);
      else faults.push({ path: pathTo(next), message: `The key '${name}' is not allowed.` });
    }
  }
  return faults;
}

function pathTo(visit: Visit): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (let at = visit; at.parent !== undefined; at = at.parent) path.push(at.key);
  return path.reverse();
}

import { badRequest } from '../cosmos-error.js';
import { isObject, type JsonObject, type JsonValue } from './json.js';
import { type Condition, readCondition } from './patch-condition.js';

export interface Patch {
  readonly condition: Condition;
  readonly operations: readonly PatchOperation[];
}

interface PatchOperation {
  readonly op: string;
  readonly path: readonly string[];
  readonly value: JsonValue | undefined;
  readonly from: readonly string[] | undefined;
}

const mostOperations = 10;

/** Reads a list of operations, or `{ condition, operations }`. */
export function readPatch(body: unknown): Patch {
  const { operations, condition } = (
    Array.isArray(body) ? { operations: body } : isObject(body) ? body : {}
  ) as { operations?: unknown; condition?: unknown };
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > mostOperations) {
    throw badRequest(`A patch has a list of 1 to ${mostOperations} operations.`);
  }
  return { condition: readCondition(condition), operations: operations.map(readOperation) };
}

function readOperation(operation: unknown): PatchOperation {
  const { op, path, value, from } = (isObject(operation) ? operation : {}) as Record<
    string,
    JsonValue | undefined
  >;
  if (typeof op !== 'string') throw badRequest('An operation of a patch has an op.');
  return { op, path: pointer(path), value, from: from === undefined ? undefined : pointer(from) };
}

/** The names in `/a/b/0`, in which `~1` stands for `/` and `~0` for `~`. */
function pointer(path: JsonValue | undefined): readonly string[] {
  if (typeof path !== 'string' || !path.startsWith('/') || path.length < 2) {
    throw badRequest(`The path '${String(path)}' of a patch is invalid.`);
  }
  return path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The item with all operations done, one after the other. Throws where one cannot be. */
export function patched(item: JsonObject, operations: readonly PatchOperation[]): JsonObject {
  const changed = structuredClone(item) as Record<string, JsonValue>;
  for (const operation of operations) {
    if (['id', '_rid', '_etag', '_ts', '_self'].includes(operation.path[0]!)) {
      throw badRequest(`A patch cannot change /${operation.path[0]}.`);
    }
    apply(changed, operation);
  }
  return changed;
}

type Holder = Record<string, JsonValue> | JsonValue[];

function apply(item: Record<string, JsonValue>, operation: PatchOperation): void {
  const { op, path, from } = operation;
  const change = changes[op];
  if (change === undefined) throw badRequest(`There is no operation '${op}' of a patch.`);
  const moved = op === 'move' ? taken(item, from) : undefined;
  const place = { holder: holderOf(item, path), name: path.at(-1)!, path: `/${path.join('/')}` };
  change(place, moved ?? operation.value);
}

interface Place {
  readonly holder: Holder;
  readonly name: string;
  readonly path: string;
}

const changes: Readonly<Record<string, (place: Place, value: JsonValue | undefined) => void>> = {
  add: ({ holder, name }, value) => put(holder, name, given(value), 'insert'),
  move: ({ holder, name }, value) => put(holder, name, given(value), 'insert'),
  set: ({ holder, name }, value) => put(holder, name, given(value), 'write'),
  replace: (place, value) => {
    existing(place);
    put(place.holder, place.name, given(value), 'write');
  },
  remove: (place) => {
    existing(place);
    remove(place.holder, place.name);
  },
  incr: ({ holder, name, path }, value) => {
    const before = valueIn(holder, name) ?? 0;
    if (typeof value !== 'number' || typeof before !== 'number') {
      throw badRequest(`Only a number can be incremented, by a number, at ${path}.`);
    }
    put(holder, name, before + value, 'write');
  },
};

function existing({ holder, name, path }: Place): JsonValue {
  const value = valueIn(holder, name);
  if (value === undefined) throw badRequest(`There is nothing at ${path}.`);
  return value;
}

/** Takes out what is to be moved. */
function taken(item: Record<string, JsonValue>, from: readonly string[] | undefined): JsonValue {
  if (from === undefined) throw badRequest('A move says from where.');
  const place = { holder: holderOf(item, from), name: from.at(-1)!, path: `/${from.join('/')}` };
  const value = existing(place);
  remove(place.holder, place.name);
  return value;
}

function given(value: JsonValue | undefined): JsonValue {
  if (value === undefined) throw badRequest('The operation of the patch has no value.');
  return value;
}

/** What the last name of a path is in. Throws where there is no such object or list. */
function holderOf(item: Record<string, JsonValue>, path: readonly string[]): Holder {
  let holder: JsonValue | undefined = item as JsonObject;
  for (const name of path.slice(0, -1)) holder = valueIn(holder as Holder, name);
  if (typeof holder !== 'object' || holder === null) {
    throw badRequest(`The parent of /${path.join('/')} does not exist.`);
  }
  return holder as Holder;
}

function valueIn(holder: Holder | undefined, name: string): JsonValue | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  if (Array.isArray(holder)) return /^\d+$/.test(name) ? holder[Number(name)] : undefined;
  return Object.hasOwn(holder, name) ? holder[name] : undefined;
}

function put(holder: Holder, name: string, value: JsonValue, how: 'insert' | 'write'): void {
  if (!Array.isArray(holder)) {
    Object.defineProperty(holder, name, { value, configurable: true, enumerable: true, writable: true });
    return;
  }
  const index = name === '-' ? holder.length : Number(name);
  if (!Number.isInteger(index) || index < 0 || index > holder.length) {
    throw badRequest(`A list has no place '${name}'.`);
  }
  holder.splice(index, how === 'write' && index < holder.length ? 1 : 0, value);
}

function remove(holder: Holder, name: string): void {
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
}

import { faultAt } from './request-errors.js';

/** Keys that can change an object's prototype when a program copies or merges what it was given. */
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Looks through parsed JSON before a schema or a program sees it.
 * @throws RequestError `forbidden-key` or `too-deep` with the path of the fault.
 */
export function checkValue(value: unknown, maxDepth: number, path: (string | number)[] = []): void {
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= maxDepth) {
    throw faultAt('too-deep', [...path], `Values may be nested ${maxDepth} levels deep at most.`);
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) checkChild(value[index], index, maxDepth, path);
    return;
  }
  for (const key of Object.keys(value)) {
    checkKey(key, path);
    checkChild((value as Record<string, unknown>)[key], key, maxDepth, path);
  }
}

/** @throws RequestError `forbidden-key`. */
export function checkKey(key: string, path: readonly (string | number)[] = []): void {
  if (forbiddenKeys.has(key))
    throw faultAt('forbidden-key', [...path, key], `The key '${key}' is not allowed.`);
}

function checkChild(value: unknown, key: string | number, maxDepth: number, path: (string | number)[]): void {
  if (typeof value !== 'object' || value === null) return;
  path.push(key);
  checkValue(value, maxDepth, path);
  path.pop();
}

import { conflict } from '../cosmos-error.js';
import type { JsonObject } from './json.js';
import { valueAt } from './json-path.js';

/** The paths of one unique key; what is missing counts as null. */
export type UniqueKeyPaths = readonly (readonly string[])[];

export function uniqueKeysOf(item: JsonObject, policy: readonly UniqueKeyPaths[]): readonly string[] {
  return policy.map(
    (paths, index) => `${index}:${JSON.stringify(paths.map((path) => valueAt(item, path) ?? null))}`,
  );
}

export const uniqueKeyConflict = () => conflict('Unique index constraint violation.');

import { badRequest } from '../cosmos-error.js';
import { isObject, type JsonObject } from '../items/json.js';

/** What queries may sort by. */
export interface IndexingPolicy {
  readonly included: readonly string[];
  readonly excluded: readonly string[];
  readonly composites: readonly (readonly CompositePath[])[];
  readonly definition: JsonObject;
}

export interface CompositePath {
  readonly path: string;
  readonly isDescending: boolean;
}

const standard: JsonObject = {
  indexingMode: 'consistent',
  automatic: true,
  includedPaths: [{ path: '/*' }],
  excludedPaths: [{ path: '/"_etag"/?' }],
};

export function readIndexingPolicy(given: unknown): IndexingPolicy {
  if (given !== undefined && given !== null && !isObject(given))
    throw badRequest('The indexing policy is invalid.');
  const definition = { ...standard, ...(given as JsonObject | undefined) };
  const composites = listIn(definition, 'compositeIndexes').map((composite) => {
    if (!Array.isArray(composite) || composite.length < 2)
      throw badRequest('A composite index has two paths or more.');
    return composite.map((one: unknown) => ({
      path: pathIn(one),
      isDescending: isObject(one) && one.order === 'descending',
    }));
  });
  return {
    included: listIn(definition, 'includedPaths').map(pathIn),
    excluded: listIn(definition, 'excludedPaths').map(pathIn),
    composites,
    definition,
  };
}

function listIn(definition: JsonObject, name: string): readonly unknown[] {
  const list = definition[name] ?? [];
  if (!Array.isArray(list)) throw badRequest(`The ${name} of the indexing policy are no list.`);
  return list as readonly unknown[];
}

function pathIn(entry: unknown): string {
  const path = isObject(entry) ? entry.path : undefined;
  if (typeof path !== 'string' || !path.startsWith('/')) throw badRequest('The indexing path is invalid.');
  return path.replaceAll('"', '');
}

/** `exact`: named itself, so that items without it are in the index; `covered`: in the index where items have it. */
export type Indexed = 'exact' | 'covered' | 'none';

/** How a property is indexed: the longest path of the policy that covers it decides. */
export function indexed(policy: IndexingPolicy, path: string): Indexed {
  if (policy.included.includes(`${path}/?`)) return 'exact';
  if (policy.excluded.includes(`${path}/?`)) return 'none';
  return longest(policy.included, path) > longest(policy.excluded, path) ? 'covered' : 'none';
}

function longest(patterns: readonly string[], path: string): number {
  const covering = patterns.filter(
    (pattern) => pattern.endsWith('/*') && `${path}/`.startsWith(pattern.slice(0, -1)),
  );
  return Math.max(-1, ...covering.map((pattern) => pattern.length));
}

/** Whether a composite index serves this order: its paths in a row, all directions as there or all turned round. */
export function hasComposite(policy: IndexingPolicy, wanted: readonly CompositePath[]): boolean {
  return policy.composites.some((composite) => {
    if (composite.length !== wanted.length) return false;
    if (composite.some(({ path }, index) => path !== wanted[index]!.path)) return false;
    const turned = composite.map(({ isDescending }, index) => isDescending !== wanted[index]!.isDescending);
    return turned.every((one) => one === turned[0]);
  });
}

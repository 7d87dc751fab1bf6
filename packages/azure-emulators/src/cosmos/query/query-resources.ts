import type { Clock } from '../../clock/clock.js';
import type { JsonObject, JsonValue } from '../items/json.js';
import { readQuery } from './query-text.js';
import { runQuery } from './run-query.js';

/** The answer to a query for databases, containers or offers, of which there are few: no pages. */
export function queryResources(
  body: unknown,
  resources: readonly JsonObject[],
  clock: Clock,
): readonly JsonValue[] {
  const { compiled, parameters } = readQuery(body);
  const unlimited = Number.POSITIVE_INFINITY;
  return runQuery({
    query: compiled,
    given: { parameters, clock },
    candidates: () => resources.map((resource, sequence) => ({ sequence, body: resource })),
    limits: { results: unlimited, bytes: unlimited },
    after: undefined,
    isSortable: () => true,
  }).results;
}

import type { JsonValue } from '../items/json.js';
import type { CompiledQuery } from './compiled-query.js';
import { countIn } from './count.js';
import { grouped } from './groups.js';
import type { Row } from './row.js';
import { identityOf } from './values.js';

/** All results of a query that stands in another one, for one row of that. */
export function resultsOf(query: CompiledQuery, outer: Row): readonly JsonValue[] {
  const rows = query.rows(outer);
  const selected = query.grouping === undefined ? rows : grouped(query.grouping, rows, outer);
  let results: JsonValue[] = [];
  for (const row of selected) {
    const value = query.select(row);
    if (value !== undefined) results.push(value);
  }
  if (query.isDistinct)
    results = [...new Map(results.map((result) => [identityOf(result), result])).values()];
  const offset = countIn(query.offset, outer, 0);
  return results.slice(offset, offset + countIn(query.limit, outer, results.length));
}

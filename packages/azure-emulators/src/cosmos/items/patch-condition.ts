import { systemClock } from '../../clock/system-clock.js';
import { badRequest } from '../cosmos-error.js';
import { compileRootQuery } from '../sql/compile-query.js';
import { parseCondition } from '../sql/parse-query.js';
import { refusingDepth } from '../sql/too-deep.js';
import type { JsonObject } from './json.js';

export type Condition = (item: JsonObject) => boolean;

const holdsAlways: Condition = () => true;

/** Reads `from c where c.version = 3`. */
export function readCondition(text: unknown): Condition {
  if (text === undefined || text === null) return holdsAlways;
  if (typeof text !== 'string') throw badRequest('The condition of a patch is no text.');
  const query = refusingDepth(() => compileRootQuery(parseCondition(text)));
  if (query.parameters.size > 0) throw badRequest('The condition of a patch has no parameters.');
  const given = { parameters: new Map(), clock: systemClock };
  return (item) => {
    for (const _row of query.rows({ values: [item], given, aggregated: [] })) return true;
    return false;
  };
}

import { badRequest } from '../cosmos-error.js';
import { isObject, type JsonValue } from '../items/json.js';
import { compileRootQuery } from '../sql/compile-query.js';
import type { CompiledQuery } from '../sql/compiled-query.js';
import { parseQuery } from '../sql/parse-query.js';
import { sqlError } from '../sql/sql-error.js';
import { refusingDepth } from '../sql/too-deep.js';
import type { Value } from '../sql/values.js';

/** What a client asks: a text, and values that stay values. */
export interface AskedQuery {
  readonly text: string;
  readonly compiled: CompiledQuery;
  readonly parameters: ReadonlyMap<string, Value>;
}

/** Reads `{ query, parameters: [{ name, value }] }`. Throws for what is no query, and where a parameter has no value. */
export function readQuery(body: unknown): AskedQuery {
  const { query, parameters = [] } = (isObject(body) ? body : {}) as {
    query?: unknown;
    parameters?: unknown;
  };
  if (typeof query !== 'string') throw badRequest('The request has no query.');
  const compiled = compiledOf(query);
  const given = readParameters(parameters);
  for (const name of compiled.parameters) {
    if (!given.has(name))
      throw sqlError(`The parameter '${name}' was used in the query and has no value.`, 'SC2008');
  }
  return { text: query, compiled, parameters: given };
}

function readParameters(parameters: unknown): Map<string, Value> {
  if (!Array.isArray(parameters)) throw badRequest('The parameters of the query are no list.');
  return new Map(
    parameters.map((parameter: unknown) => {
      const { name, value } = (isObject(parameter) ? parameter : {}) as { name?: unknown; value?: JsonValue };
      if (typeof name !== 'string' || !/^@\w+$/.test(name))
        throw badRequest('A parameter has a name such as @name.');
      return [name, value] as const;
    }),
  );
}

const mostKept = 200;
const longestKept = 10_000;
const kept = new Map<string, CompiledQuery>();

/** The same few texts are asked again and again. */
function compiledOf(text: string): CompiledQuery {
  const known = kept.get(text);
  const compiled = known ?? refusingDepth(() => compileRootQuery(parseQuery(text)));
  kept.delete(text);
  if (text.length <= longestKept) kept.set(text, compiled);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return compiled;
}

import { type Behavior, DiptychError, definitionOf, type Schema } from '@diptych/core';

/**
 * Holds results to the schema that their command or query declares, as they are and as they come out of JSON:
 * callers over HTTP, the cache and the memory of commands get the latter.
 */
export const resultCheck: Behavior = {
  name: 'result-check',
  wrap(next, { message: type }) {
    const schema = definitionOf(type)?.resultSchema;
    if (schema === undefined) return next;
    return async (message, context) => {
      const result = await next(message, context);
      await assertFits(schema, result, type.wireName);
      if (result !== undefined) await assertFits(schema, throughJson(result), type.wireName);
      return result;
    };
  },
};

async function assertFits(schema: Schema, result: unknown, wireName: string): Promise<void> {
  const { issues } = await schema['~standard'].validate(result);
  const first = issues?.[0];
  if (first === undefined) return;
  const path = (first.path ?? []).map((segment) =>
    String(typeof segment === 'object' ? segment.key : segment),
  );
  const where = path.length === 0 ? '' : ` at '${path.join('.')}'`;
  throw new DiptychError({
    code: 'result-invalid',
    message: `The result of '${wireName}' does not fit the schema that it declares${where}: ${first.message}`,
    origin: 'programming',
    details: { wireName },
  });
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

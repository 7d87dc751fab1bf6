import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ProgrammingError } from '../errors/programming-errors.js';
import { definitionOf, type MessageDefinition, type MessageType } from './message.js';
import { sameData } from './same-data.js';

/**
 * The messages whose schema does not survive JSON: what was written, when it is read back, is refused or becomes
 * something else. Stores and transports would lose or break such messages. Found by the message's `examples`, and
 * by comparing the JSON Schemas of input and output where the schema can give them (zod and arktype can).
 * @returns ProgrammingErrors `schema-unstable`, one for each message.
 */
export function unstableSchemas(messages: Iterable<MessageType>): readonly ProgrammingError[] {
  const faults: ProgrammingError[] = [];
  for (const type of messages) {
    const definition = definitionOf(type);
    const why = definition === undefined ? undefined : instability(definition);
    if (definition !== undefined && why !== undefined) faults.push(unstable(definition, why));
  }
  return faults;
}

function instability({ schema, resultSchema, examples }: MessageDefinition): string | undefined {
  const ofResult = resultSchema && byJsonSchema(resultSchema);
  if (ofResult !== undefined) return `its result: ${ofResult}`;
  if (schema === undefined) return undefined;
  for (const [index, example] of examples.entries()) {
    const fault = byExample(schema, example);
    if (fault !== undefined) return `example ${index + 1}: ${fault}`;
  }
  // Examples that came through say more than a JSON Schema that cannot be written.
  return examples.length > 0 ? undefined : byJsonSchema(schema);
}

function byExample(schema: StandardSchemaV1, example: unknown): string | undefined {
  const made = validated(schema, example);
  if (typeof made === 'string') return `it does not fit the schema (${made})`;
  let written: unknown;
  try {
    written = JSON.parse(JSON.stringify(made.value));
  } catch (error) {
    return `it cannot be written as JSON (${(error as Error).message})`;
  }
  const read = validated(schema, written);
  if (typeof read === 'string') return `read back, it does not fit the schema any more (${read})`;
  return sameData(made.value, read.value) ? undefined : 'read back, it is something else';
}

function validated(schema: StandardSchemaV1, value: unknown): { readonly value: unknown } | string {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) return 'it answers with a promise';
  return result.issues === undefined ? { value: result.value } : (result.issues[0]?.message ?? 'refused');
}

type Direction = 'input' | 'output';
/** The part of Standard JSON Schema that is used; a schema without it is left to its examples. */
interface JsonSchemaSource {
  readonly jsonSchema?: Record<Direction, (options: { readonly target: string }) => unknown>;
}

function byJsonSchema(schema: StandardSchemaV1): string | undefined {
  const source = (schema['~standard'] as JsonSchemaSource).jsonSchema;
  if (source === undefined) return undefined;
  try {
    const [input, output] = (['input', 'output'] as const).map((direction) =>
      essence(source[direction]({ target: 'draft-2020-12' })),
    );
    return sameData(input, output) ? undefined : 'what it gives back is not what it takes';
  } catch (error) {
    return (error as Error).message;
  }
}

// Where a value has a default it is not required in the input, and an object drops the keys it does not know:
// neither changes what was once parsed.
const harmless: readonly string[] = ['required', 'default'];

function essence(jsonSchema: unknown, names = false): unknown {
  if (Array.isArray(jsonSchema)) return jsonSchema.map((entry) => essence(entry));
  if (typeof jsonSchema !== 'object' || jsonSchema === null) return jsonSchema;
  return Object.fromEntries(
    Object.entries(jsonSchema)
      // Below `properties` the keys are the program's own names, and mean nothing here.
      .filter(
        ([key, value]) =>
          names || !(harmless.includes(key) || (key === 'additionalProperties' && value === false)),
      )
      .map(([key, value]) => [key, essence(value, !names && (key === 'properties' || key === '$defs'))]),
  );
}

function unstable({ wireName }: MessageDefinition, why: string): ProgrammingError {
  return new ProgrammingError(
    'schema-unstable',
    `The schema of '${wireName}' does not survive JSON: ${why}. Use what JSON has (a date as ISO text, an amount as decimal text), and convert in a method of the class.`,
    { wireName },
  );
}

import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';

/** Any synchronous Standard Schema: zod, valibot, arktype and others. */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;
export type InputOf<S extends StandardSchemaV1> = StandardSchemaV1.InferInput<S>;
export type OutputOf<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;

/** One thing that is wrong with a message, and where: `['lines', 0, 'quantity']`. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A value does not fit the schema of its message. `details.faults` lists each fault with its path. */
export class InvalidMessageError extends DiptychError {
  readonly faults: readonly SchemaFault[];

  constructor(wireName: string, faults: readonly SchemaFault[]) {
    const first = faults[0];
    const at = first === undefined || first.path.length === 0 ? '' : ` at '${first.path.join('.')}'`;
    const where = first === undefined ? '' : `${at}: ${first.message}`;
    super({
      code: 'invalid-message',
      message: `'${wireName}' does not fit its schema${where}`,
      details: { wireName, faults },
    });
    this.faults = faults;
  }
}

/**
 * The value as the schema gives it back.
 * @throws InvalidMessageError when it does not fit; ProgrammingError `schema-asynchronous` when the schema answers with a promise.
 */
export function parse<S extends StandardSchemaV1>(schema: S, value: unknown, wireName: string): OutputOf<S> {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    throw new ProgrammingError(
      'schema-asynchronous',
      `The schema of '${wireName}' is asynchronous; a message needs one that answers at once.`,
    );
  }
  if (result.issues === undefined) return result.value as OutputOf<S>;
  throw new InvalidMessageError(wireName, result.issues.map(faultOf));
}

function faultOf(issue: StandardSchemaV1.Issue): SchemaFault {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'number' ? key : String(key);
  });
  return { path, message: issue.message };
}

import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Command, MessageArguments } from './message.js';
import { withReturns } from './returns.js';
import type { InputOf, OutputOf } from './schema.js';

export interface CommandOptions<Data> {
  /** Version of the schema, 1 and up. Default 1. */
  readonly version?: number | undefined;
  /** Values for the start-up check that writes them to JSON and reads them back. */
  readonly examples?: readonly Data[] | undefined;
}

/** A class of commands. Programs extend it, or use it as it is where the data is a union. */
export interface CommandType<Name extends string, Data, Input, Result> {
  new (...input: MessageArguments<Input>): Readonly<Data> & Command<Name, Result>;
  readonly wireName: Name;
  readonly kind: 'command';
  /** The same command with a result; what leaves the process is checked against that schema. */
  returns<S extends StandardSchemaV1>(schema: S): CommandType<Name, Data, Input, OutputOf<S>>;
  /** The same command with a result that has no schema: for callers in the same process. */
  returns<T>(): CommandType<Name, Data, Input, T>;
}

// biome-ignore lint/complexity/noBannedTypes: a message without a schema has no data
type NoData = {};

/** A command without data. `wireName` must not change once messages of it exist anywhere. */
export function command<const Name extends string>(wireName: Name): CommandType<Name, NoData, NoData, void>;
/** A command whose data fits a synchronous Standard Schema. `new` validates. */
export function command<const Name extends string, S extends StandardSchemaV1>(
  wireName: Name,
  schema: S,
  options?: CommandOptions<InputOf<S>>,
): CommandType<Name, OutputOf<S>, InputOf<S>, void>;
export function command(
  wireName: string,
  schema?: StandardSchemaV1,
  options: CommandOptions<unknown> = {},
): unknown {
  return withReturns({
    kind: 'command',
    wireName,
    version: options.version ?? 1,
    schema,
    resultSchema: undefined,
    upcasters: [],
    examples: options.examples ?? [],
  });
}

import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { MessageArguments, Query } from './message.js';
import { withReturns } from './returns.js';
import type { InputOf, OutputOf } from './schema.js';

export interface QueryOptions<Data> {
  /** Version of the schema, 1 and up. Default 1. */
  readonly version?: number | undefined;
  /** Values for the start-up check that writes them to JSON and reads them back. */
  readonly examples?: readonly Data[] | undefined;
}

/** A class of queries. Programs extend it, or use it as it is where the data is a union. */
export interface QueryType<Name extends string, Data, Input, Result> {
  new (...input: MessageArguments<Input>): Readonly<Data> & Query<Name, Result>;
  readonly wireName: Name;
  readonly kind: 'query';
  /** The same query with a result; what leaves the process is checked against that schema. */
  returns<S extends StandardSchemaV1>(schema: S): QueryType<Name, Data, Input, OutputOf<S>>;
  /** The same query with a result that has no schema: for callers in the same process. */
  returns<T>(): QueryType<Name, Data, Input, T>;
}

// biome-ignore lint/complexity/noBannedTypes: a message without a schema has no data
type NoData = {};

/** A query without data. */
export function query<const Name extends string>(wireName: Name): QueryType<Name, NoData, NoData, unknown>;
/** A query whose data fits a synchronous Standard Schema. `new` validates. */
export function query<const Name extends string, S extends StandardSchemaV1>(
  wireName: Name,
  schema: S,
  options?: QueryOptions<InputOf<S>>,
): QueryType<Name, OutputOf<S>, InputOf<S>, unknown>;
export function query(
  wireName: string,
  schema?: StandardSchemaV1,
  options: QueryOptions<unknown> = {},
): unknown {
  return withReturns({
    kind: 'query',
    wireName,
    version: options.version ?? 1,
    schema,
    resultSchema: undefined,
    upcasters: [],
    examples: options.examples ?? [],
  });
}

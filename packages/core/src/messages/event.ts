import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ProgrammingError } from '../errors/programming-errors.js';
import { type Event, type MessageArguments, messageClass, type Upcaster } from './message.js';
import type { InputOf, OutputOf } from './schema.js';

export interface EventOptions<Data> {
  /** Version of the schema, 1 and up. Default 1. Version n needs n - 1 upcasters. */
  readonly version?: number | undefined;
  /**
   * `upcast[0]` lifts the data of version 1 to version 2, and so on. Each gives one event's data, or `null` to
   * drop the event; none may give two.
   */
  readonly upcast?: readonly Upcaster[] | undefined;
  /** Values for the start-up check that writes them to JSON and reads them back. */
  readonly examples?: readonly Data[] | undefined;
}

/** A class of events. Programs extend it, or use it as it is where the data is a union. */
export interface EventType<Name extends string, Data, Input> {
  new (...input: MessageArguments<Input>): Readonly<Data> & Event<Name>;
  readonly wireName: Name;
  readonly kind: 'event';
}

// biome-ignore lint/complexity/noBannedTypes: a message without a schema has no data
type NoData = {};

/** An event without data. */
export function event<const Name extends string>(wireName: Name): EventType<Name, NoData, NoData>;
/**
 * An event whose data fits a synchronous Standard Schema. `new` validates.
 * @throws ProgrammingError `upcasters-missing` when the version and the upcasters do not agree.
 */
export function event<const Name extends string, S extends StandardSchemaV1>(
  wireName: Name,
  schema: S,
  options?: EventOptions<InputOf<S>>,
): EventType<Name, OutputOf<S>, InputOf<S>>;
export function event(
  wireName: string,
  schema?: StandardSchemaV1,
  options: EventOptions<unknown> = {},
): unknown {
  const { version = 1, upcast = [], examples = [] } = options;
  if (upcast.length !== version - 1) {
    throw new ProgrammingError(
      'upcasters-missing',
      `'${wireName}' has version ${version}, so it needs ${version - 1} upcasters; it has ${upcast.length}.`,
    );
  }
  return messageClass({
    kind: 'event',
    wireName,
    version,
    schema,
    resultSchema: undefined,
    upcasters: upcast,
    examples,
  });
}

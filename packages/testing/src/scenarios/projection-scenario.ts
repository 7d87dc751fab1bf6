import { AssertionError, ok } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import {
  type Binding,
  type Copy,
  type Event,
  ProjectionConsumer,
  ProjectionFolds,
  type ProjectionRegistration,
  type ProjectionSource,
  projectionRegistrationOf,
  type RecordedEvent,
  type RegistrationBase,
  Resolver,
} from '@diptych/core';
import { type MemoryReadModelHandle, MemoryReadModelStore } from '@diptych/core/memory';
import { interleavings } from './interleavings.js';
import { recordEvents, type StreamEvents } from './recorded.js';

export interface ProjectionScenarioOptions {
  /** What the projection's class injects. */
  readonly provide?: readonly Binding[] | undefined;
  /** The time of the first event, ms since the Unix epoch; each next one is a millisecond later. Default 2030-01-01. */
  readonly startAt?: number | undefined;
}

type Documents<Document> = Readonly<Record<string, Document>>;

/**
 * Given/when/then for a projection:
 * `projectionScenario(OrderDetails).given(…).thenDocuments({ 'order-1': {…} })`. Events
 * go through the same consumer as in a program, into an in-memory store.
 */
export function projectionScenario<Document>(
  projection: ProjectionSource<Document>,
  options: ProjectionScenarioOptions = {},
): { given(...events: readonly (Event | StreamEvents)[]): GivenEvents<Document> } {
  const registration = projectionRegistrationOf(projection);
  return {
    given: (...events) =>
      new GivenEvents(registration, recordEvents(events, options.startAt ?? Date.UTC(2030, 0, 1)), options),
  };
}

/** What a projection is given, and how it is delivered. */
export class GivenEvents<Document> {
  readonly #registration: ProjectionRegistration;
  readonly #events: readonly RecordedEvent[];
  readonly #options: ProjectionScenarioOptions;
  #repeated = false;
  #interleaved = false;

  constructor(
    registration: ProjectionRegistration,
    events: readonly RecordedEvent[],
    options: ProjectionScenarioOptions,
  ) {
    this.#registration = registration;
    this.#events = events;
    this.#options = options;
  }

  /** Delivers every event twice at once, and then all of them again from the start, as a crash would. */
  everyEventTwice(): this {
    this.#repeated = true;
    return this;
  }

  /** Tries the orders in which the streams, each in a partition of its own, may reach the projection. */
  inAnyInterleaving(): this {
    this.#interleaved = true;
    return this;
  }

  /** The documents there are in the end, by id. With interleavings, those of the first order. */
  documents(): Promise<Documents<Document>> {
    return this.#run(this.#orders()[0]!);
  }

  /** @throws AssertionError when there are other documents; its message names the order of events that led there. */
  async thenDocuments(expected: Documents<Document>): Promise<void> {
    for (const order of this.#orders()) {
      deepStrictEqualDocuments(await this.#run(order), expected, order);
    }
  }

  /** @throws AssertionError when there is any document. */
  thenNothing(): Promise<void> {
    return this.thenDocuments({});
  }

  /** Resolves with the error of the first event that cannot be folded. @throws AssertionError when all can be. */
  async thenFails(): Promise<unknown> {
    const error = await this.#run(this.#orders()[0]!).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    ok(error !== undefined, 'Every event could be folded.');
    return error;
  }

  #orders(): readonly (readonly RecordedEvent[])[] {
    return this.#interleaved ? interleavings(this.#events) : [this.#events];
  }

  async #run(order: readonly RecordedEvent[]): Promise<Documents<Document>> {
    const { consumer, store, copy } = await this.#open();
    const deliveries = this.#repeated ? [...order.flatMap((event) => [event, event]), ...order] : order;
    for (const event of deliveries) {
      const context = {
        subscription: copy.model,
        partition: event.partition,
        epoch: 1,
        checkpoint: undefined,
        abortSignal: new AbortController().signal,
      };
      const [failed] = await consumer.handle(consumer.itemsOf(event), context);
      if (failed !== undefined) throw failed.error;
    }
    return this.#documentsIn(store, copy);
  }

  async #open() {
    const { source, definition } = this.#registration;
    const store = new MemoryReadModelStore();
    const copy: Copy = { model: definition.model, version: definition.version, generation: 1 };
    await store.create(definition, copy);
    const instance =
      source === undefined ? undefined : await this.#instance({ ...this.#registration, source });
    const folds = new ProjectionFolds(this.#registration, instance);
    return { store, copy, consumer: new ProjectionConsumer({ folds, store, copy }) };
  }

  async #instance(registration: RegistrationBase): Promise<object> {
    const resolver = new Resolver({ provide: this.#options.provide ?? [] });
    await resolver.prepare([registration]);
    return resolver.instanceOf(registration)();
  }

  async #documentsIn(store: MemoryReadModelStore, copy: Copy): Promise<Documents<Document>> {
    const model = store.open<Document>(this.#registration.definition, copy, 'default');
    const { documents } = model.native() as MemoryReadModelHandle<Document>;
    return Object.fromEntries(documents());
  }
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  const isData = typeof value === 'object' && value !== null && !(value instanceof Date);
  if (!isData || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutUndefined(field)]));
}

function deepStrictEqualDocuments(actual: unknown, expected: unknown, order: readonly RecordedEvent[]): void {
  // As in a store, which holds JSON: a field that is undefined is not there, and a date is not a text.
  const plain = withoutUndefined(expected);
  if (isDeepStrictEqual(actual, plain)) return;
  const told = order.map(({ stream, version, name }) => `${stream}/${version} ${name}`).join(', ');
  throw new AssertionError({
    message: `The documents differ from those expected, after: ${told}`,
    actual,
    expected: plain,
    operator: 'deepStrictEqual',
  });
}

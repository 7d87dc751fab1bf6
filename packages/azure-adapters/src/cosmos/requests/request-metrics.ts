import type { Clock, Telemetry, TelemetryAttributes } from '@diptych/core';
import { operationName, placeOf, type RequestContext } from './operation-name.js';
import { requestFailure } from './request-failure.js';

/** What became of a request, with all that was sent again because the service throttled. */
export interface Measured {
  /** In request units. */
  readonly charge: number;
  readonly startedAt: number;
  readonly status: number | undefined;
  readonly error: unknown;
}

/** Where the measurements of requests go. */
export class RequestMetrics {
  readonly #clock: Clock;
  readonly #duration: Instrument;
  readonly #charge: Instrument;
  readonly #throttled: Instrument;
  readonly #waited: Instrument;

  constructor(telemetry: Telemetry, clock: Clock) {
    this.#clock = clock;
    this.#duration = telemetry.histogram('db.client.operation.duration', {
      unit: 's',
      description: 'How long a request took, with its pauses when throttled.',
    });
    this.#charge = telemetry.histogram('azure.cosmosdb.client.operation.request_charge', {
      unit: '{request_unit}',
      description: 'What a request cost, with what was sent again when throttled.',
    });
    this.#throttled = telemetry.counter('diptych.cosmos.throttled', {
      unit: '{answer}',
      description: 'Answers 429, each attempt counted, and each operation of a bulk.',
    });
    this.#waited = telemetry.counter('diptych.cosmos.throttled_time', {
      unit: 's',
      description: 'Time that was waited because the service asked for it.',
    });
  }

  done(context: RequestContext, { charge, startedAt, status, error }: Measured): void {
    const attributes = { ...attributesOf(context), ...outcomeOf(status, error) };
    this.#duration((this.#clock.now() - startedAt) / 1_000, attributes);
    if (charge > 0) this.#charge(charge, attributes);
  }

  throttled(context: RequestContext, answers: number): void {
    if (answers > 0) this.#throttled(answers, attributesOf(context));
  }

  waited(context: RequestContext, waitedInMs: number): void {
    if (waitedInMs > 0) this.#waited(waitedInMs / 1_000, attributesOf(context));
  }
}

type Instrument = (value: number, attributes: TelemetryAttributes) => void;

function attributesOf(context: RequestContext): TelemetryAttributes {
  const { database, container } = placeOf(context);
  return {
    'db.system.name': 'azure.cosmosdb',
    'db.operation.name': operationName(context),
    ...(database !== undefined && { 'db.namespace': database }),
    ...(container !== undefined && { 'db.collection.name': container }),
  };
}

function outcomeOf(answered: number | undefined, error: unknown): TelemetryAttributes {
  const failure = error === undefined ? undefined : requestFailure(error);
  const status = failure?.status ?? answered;
  return {
    ...(status !== undefined && { 'db.response.status_code': String(status) }),
    ...(failure !== undefined && { 'error.type': String(status ?? failure.name ?? '_OTHER') }),
    ...(failure?.substatus && { 'azure.cosmosdb.response.sub_status_code': failure.substatus }),
  };
}

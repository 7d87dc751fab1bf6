import { AsyncLocalStorage } from 'node:async_hooks';
import { FakeClock } from '@diptych/testing';
import {
  type Context,
  context,
  type Meter,
  propagation,
  type Span,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandHandler } from '../commands/command-handler.js';
import { createCommandBus } from '../commands/create-command-bus.js';
import { RefusedError } from '../errors/domain-errors.js';
import { command } from '../messages/command.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import { query } from '../messages/query.js';
import { tracingBehavior } from '../pipeline/tracing-behavior.js';
import { createQueryBus } from '../queries/create-query-bus.js';
import { queryHandler } from '../queries/query-handler.js';
import { openTelemetry } from './opentelemetry.js';

// A small SDK: what it is told is written down.
interface Recorded {
  name: string;
  parent: string | undefined;
  attributes: unknown;
  exceptions: unknown[];
  status: unknown;
  ended: boolean;
}
const spans: Recorded[] = [];
const measured: { instrument: string; value: number; attributes: unknown }[] = [];
let callbacks: ((result: unknown) => unknown)[] = [];

const tracer = {
  startActiveSpan(
    name: string,
    options: { attributes: unknown },
    parent: Context,
    work: (span: Span) => unknown,
  ) {
    const from = trace.getSpanContext(parent)?.spanId;
    const recorded: Recorded = {
      name,
      parent: from,
      attributes: options.attributes,
      exceptions: [],
      status: undefined,
      ended: false,
    };
    spans.push(recorded);
    const spanContext = {
      traceId: '1'.repeat(32),
      spanId: `${spans.length}`.padStart(16, '0'),
      traceFlags: 1,
    };
    const span = {
      spanContext: () => spanContext,
      setAttribute: () => span,
      recordException: (error: unknown) => recorded.exceptions.push(error),
      setStatus: (status: unknown) => (recorded.status = status),
      end: () => (recorded.ended = true),
    };
    return context.with(
      trace.setSpan(parent, span as unknown as Span),
      work,
      undefined,
      span as unknown as Span,
    );
  },
} as unknown as Tracer;
const instrument = (name: string) => {
  const note = (value: number, attributes: unknown) =>
    void measured.push({ instrument: name, value, attributes });
  return { record: note, add: note };
};
const meter = {
  createHistogram: instrument,
  createCounter: instrument,
  createObservableGauge: () => ({
    addCallback: (callback: never) => void callbacks.push(callback),
    removeCallback(callback: never) {
      callbacks = callbacks.filter((one) => one !== callback);
    },
  }),
} as unknown as Meter;
const propagator: TextMapPropagator = {
  inject(active, carrier, setter) {
    const span = trace.getSpanContext(active);
    if (span !== undefined) setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-01`);
  },
  extract(active, carrier, getter) {
    const [, traceId = '', spanId = ''] = String(getter.get(carrier, 'traceparent')).split('-');
    return trace.setSpanContext(active, { traceId, spanId, traceFlags: 1, isRemote: true });
  },
  fields: () => ['traceparent'],
};

const storage = new AsyncLocalStorage<Context>();
beforeAll(() => {
  context.setGlobalContextManager({
    active: () =>
      storage.getStore() ??
      ({ getValue: () => undefined, setValue: rootWith, deleteValue: () => root } as Context),
    with: (active, work, self, ...input) => storage.run(active, () => work.call(self as never, ...input)),
    bind: (_active, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
  propagation.setGlobalPropagator(propagator);
});
afterAll(() => {
  context.disable();
  propagation.disable();
});
beforeEach(() => {
  spans.length = 0;
  measured.length = 0;
});
const root: Context = { getValue: () => undefined, setValue: rootWith, deleteValue: () => root };
function rootWith(key: symbol, value: unknown): Context {
  const own = new Map([[key, value]]);
  const made = (values: Map<symbol, unknown>): Context => ({
    getValue: (wanted) => values.get(wanted),
    setValue: (next, other) => made(new Map([...values, [next, other]])),
    deleteValue: (gone) => made(new Map([...values].filter(([kept]) => kept !== gone))),
  });
  return made(own);
}

class Place extends command('spec.Place').returns<string | undefined>() {}
class Find extends query('spec.Find').returns<number>() {}
const clock = new FakeClock();
const telemetry = openTelemetry({ tracer, meter });

describe('telemetry through the OpenTelemetry API', () => {
  const busOf = (handle: Parameters<typeof commandHandler<Place>>[2]) =>
    createCommandBus({
      handlers: [commandHandler(Place, {}, handle)],
      behaviors: [tracingBehavior({ telemetry, clock })],
    });

  it('makes a span below the caller’s, and hands its own context to what the message causes', async () => {
    const bus = busOf((_place, { meta }) => meta.traceparent);
    const traceparent = `00-${'2'.repeat(32)}-${'9'.repeat(16)}-01`;
    expect(await bus.execute(new Place(), { traceparent })).toBe(`00-${'1'.repeat(32)}-0000000000000001-01`);
    expect(spans).toMatchObject([{ name: 'command spec.Place', parent: '9'.repeat(16), ended: true }]);
  });

  it('does so for a command that came with its envelope', async () => {
    const bus = busOf((_place, { meta }) => `${meta.id} ${meta.traceparent}`);
    const traceparent = `00-${'2'.repeat(32)}-${'9'.repeat(16)}-01`;
    const meta = new EnvelopeFactory({ source: 'spec', clock }).sentCommand(
      new Place(),
      { traceparent },
      'm-1',
    );
    const { result } = await bus.handle(new Place(), meta);
    expect(result).toBe(`m-1 00-${'1'.repeat(32)}-0000000000000001-01`);
    expect(spans).toMatchObject([{ parent: '9'.repeat(16) }]);
  });

  it('makes a span below the active one where the caller names none', async () => {
    const inner = busOf(() => undefined);
    await busOf(() => inner.execute(new Place())).execute(new Place());
    expect(spans.map(({ parent }) => parent)).toEqual([undefined, '0000000000000001']);
  });

  it('marks the span of what failed, ends it, and measures it under its code', async () => {
    const refusal = new RefusedError('sold-out', 'There is none left.');
    const bus = busOf(() => {
      throw refusal;
    });
    await expect(bus.execute(new Place())).rejects.toBe(refusal);
    expect(spans).toMatchObject([
      { exceptions: [refusal], status: { message: 'There is none left.' }, ended: true },
    ]);
    expect(measured).toMatchObject([
      { instrument: 'diptych.command.duration', attributes: { 'diptych.outcome': 'sold-out' } },
    ]);
  });

  it('measures commands and queries apart, in seconds', async () => {
    await busOf(async () => {
      await clock.advance(250);
      return undefined;
    }).execute(new Place());
    const behaviors = [tracingBehavior({ telemetry, clock })];
    await createQueryBus({ handlers: [queryHandler(Find, {}, () => 1)], behaviors }).execute(new Find());
    expect(measured).toMatchObject([
      {
        instrument: 'diptych.command.duration',
        value: 0.25,
        attributes: { 'diptych.message.name': 'spec.Place' },
      },
      { instrument: 'diptych.query.duration', value: 0, attributes: { 'diptych.outcome': 'ok' } },
    ]);
  });

  it('counts, and reads gauges when somebody looks, until they end', async () => {
    telemetry.counter('spec.count')(2, { of: 'things' });
    const end = telemetry.gauge('spec.lag', async () => [
      { value: 3, attributes: { projection: 'p' } },
      { value: 4 },
    ]);
    const seen: unknown[][] = [];
    await callbacks[0]?.({ observe: (...observed: unknown[]) => seen.push(observed) });
    end();
    expect(measured).toEqual([{ instrument: 'spec.count', value: 2, attributes: { of: 'things' } }]);
    expect(seen).toEqual([
      [3, { projection: 'p' }],
      [4, undefined],
    ]);
    expect(callbacks).toEqual([]);
  });

  it('is not in the pipeline where there is none', () => {
    const behaviors = [tracingBehavior({ telemetry: undefined, clock })];
    const bus = createCommandBus({ handlers: [commandHandler(Place, {}, () => undefined)], behaviors });
    expect(bus.describe()[0]?.behaviors).toEqual([]);
  });
});

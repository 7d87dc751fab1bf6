import {
  type Context,
  context as contexts,
  type Meter,
  metrics,
  propagation,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { SpanOptions, Telemetry, TraceContext } from './telemetry.js';

export interface OpenTelemetryOptions {
  /** Default: the global tracer provider's. */
  readonly tracer?: Tracer | undefined;
  /** Default: the global meter provider's. */
  readonly meter?: Meter | undefined;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
};

/** Traces and metrics through the OpenTelemetry API, to whatever SDK the program has set up. */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const tracer = options.tracer ?? trace.getTracer('diptych');
  const meter = options.meter ?? metrics.getMeter('diptych');
  return {
    span: (spanOptions, work) => inSpan(tracer, spanOptions, work),
    histogram(name, instrument = {}) {
      const histogram = meter.createHistogram(name, instrument);
      return (value, attributes) => histogram.record(value, attributes);
    },
    counter(name, instrument = {}) {
      const counter = meter.createCounter(name, instrument);
      return (by, attributes) => counter.add(by, attributes);
    },
    gauge(name, read, instrument = {}) {
      const gauge = meter.createObservableGauge(name, instrument);
      const observe: Parameters<typeof gauge.addCallback>[0] = async (result) => {
        for (const { value, attributes } of await read()) result.observe(value, attributes);
      };
      gauge.addCallback(observe);
      return () => gauge.removeCallback(observe);
    },
  };
}

function inSpan<T>(tracer: Tracer, options: SpanOptions, work: Parameters<Telemetry['span']>[1]): Promise<T> {
  const { name, kind = 'internal', attributes = {}, parent } = options;
  return tracer.startActiveSpan(
    name,
    { kind: kinds[kind], attributes },
    parentContext(parent),
    async (span) => {
      try {
        const own = { context: contextOf(), setAttribute: span.setAttribute.bind(span) };
        return (await work(own)) as T;
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({
          code: SpanStatusCode.ERROR,
          message: error instanceof Error ? error.message : String(error),
        });
        throw error;
      } finally {
        span.end();
      }
    },
  );
}

function parentContext(parent: TraceContext | undefined): Context {
  const active = contexts.active();
  return parent?.traceparent === undefined ? active : propagation.extract(active, parent);
}

function contextOf(): TraceContext {
  const carrier: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(contexts.active(), carrier);
  return carrier;
}

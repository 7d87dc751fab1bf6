/** Values that spans and measurements are marked with. */
export type TelemetryAttributes = Readonly<Record<string, string | number | boolean>>;

/** W3C trace context as it travels in envelopes and headers. */
export interface TraceContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

export interface SpanOptions {
  readonly name: string;
  /** `server`: asked from outside. `consumer`, `producer`: through a transport or journal. Default `internal`. */
  readonly kind?: 'internal' | 'server' | 'consumer' | 'producer' | undefined;
  readonly attributes?: TelemetryAttributes | undefined;
  /** Where the trace comes from; absent: whatever is active here. */
  readonly parent?: TraceContext | undefined;
}

/** One timed piece of work in a trace. */
export interface Span {
  /** The span's own context, for what it sets in motion. Empty when nothing is recorded. */
  readonly context: TraceContext;
  setAttribute(name: string, value: string | number | boolean): void;
}

/** How to read a measured value, for whoever shows it. */
export interface InstrumentOptions {
  readonly unit?: string;
  readonly description?: string;
}

export interface Observation {
  readonly value: number;
  readonly attributes?: TelemetryAttributes;
}

/**
 * Traces and metrics, as the framework needs them. `@diptych/core/opentelemetry` makes one from the OpenTelemetry
 * API; without one nothing is measured and nothing is paid.
 */
export interface Telemetry {
  /** Runs `work` with a span active, and ends the span with it. A throw marks the span and goes on. */
  span<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** A distribution of values: durations in seconds, say. */
  histogram(
    name: string,
    options?: InstrumentOptions,
  ): (value: number, attributes: TelemetryAttributes) => void;
  /** Something that only grows. */
  counter(name: string, options?: InstrumentOptions): (by: number, attributes: TelemetryAttributes) => void;
  /** A value that is read when somebody looks. The returned function ends it. */
  gauge(
    name: string,
    read: () => Iterable<Observation> | Promise<Iterable<Observation>>,
    options?: InstrumentOptions,
  ): () => void;
}

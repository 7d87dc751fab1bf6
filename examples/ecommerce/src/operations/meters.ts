import type { Observation, Span, SpanOptions, Telemetry, TelemetryAttributes } from '@diptych/core';
import type { MessageTotal } from '../page/browser/operations/snapshot.js';
import { Timeline } from './timeline.js';

type Read = () => Iterable<Observation> | Promise<Iterable<Observation>>;
export type Gauges = ReadonlyMap<string, readonly Observation[]>;

/** What a message's total is kept by: `command`, `query`, `event` as handled, `journal event` as committed. */
interface Total {
  readonly kind: string;
  readonly name: string;
  ok: number;
  refused: number;
}

/**
 * The shop's own telemetry: keeps what the framework measures, for the operations page. Durations come from spans,
 * whose beginning and end it sees itself, finer than the whole milliseconds of the histograms. No handler knows of it.
 */
export class Meters implements Telemetry {
  readonly timeline: Timeline;
  readonly #now: () => number;
  readonly #totals = new Map<string, Total>();
  readonly #gauges = new Map<string, Read>();

  /** `now` in milliseconds since the Unix epoch, with their fractions. */
  constructor(now: () => number = () => performance.timeOrigin + performance.now()) {
    this.#now = now;
    this.timeline = new Timeline(now);
  }

  // #region span
  async span<T>({ attributes = {} }: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
    const began = this.#now();
    try {
      return await work({ context: {}, setAttribute: () => {} });
    } finally {
      const { commandTimes, queryTimes } = this.timeline.current();
      const kind = attributes['diptych.message.kind'];
      if (kind === 'command') commandTimes.push(this.#now() - began);
      if (kind === 'query') queryTimes.push(this.#now() - began);
    }
  }
  // #endregion

  histogram(name: string): (value: number, attributes: TelemetryAttributes) => void {
    const kind = /^diptych\.(\w+)\.duration$/.exec(name)?.[1];
    return kind === undefined ? () => {} : (_value, attributes) => this.#handled(kind, attributes);
  }

  counter(name: string): (by: number, attributes: TelemetryAttributes) => void {
    return name === 'diptych.journal.entries'
      ? (by, attributes) => this.#committed(by, attributes)
      : () => {};
  }

  gauge(name: string, read: Read): () => void {
    this.#gauges.set(name, read);
    return () => void this.#gauges.delete(name);
  }

  /** How often each message was handled, or committed to the journal, since the program began. */
  totals(): readonly MessageTotal[] {
    return [...this.#totals.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** All gauges, as they are now. */
  async observe(): Promise<Gauges> {
    const read = [...this.#gauges].map(async ([name, read]) => [name, [...(await read())]] as const);
    return new Map(await Promise.all(read));
  }

  #handled(kind: string, attributes: TelemetryAttributes): void {
    const total = this.#total(kind, attributes);
    const isOk = attributes['diptych.outcome'] === 'ok';
    if (isOk) total.ok += 1;
    else total.refused += 1;
    const second = this.timeline.current();
    if (kind === 'command') {
      second.commands += 1;
      if (!isOk) second.refused += 1;
    }
    if (kind === 'query') second.queries += 1;
  }

  #committed(by: number, attributes: TelemetryAttributes): void {
    const kind = attributes['diptych.message.kind'];
    this.#total(`journal ${kind}`, attributes).ok += by;
    if (kind === 'event') this.timeline.current().events += by;
  }

  #total(kind: string, { 'diptych.message.name': name = 'scheduled' }: TelemetryAttributes): Total {
    const key = `${kind} ${name}`;
    const total = this.#totals.get(key) ?? { kind, name: String(name), ok: 0, refused: 0 };
    this.#totals.set(key, total);
    return total;
  }
}

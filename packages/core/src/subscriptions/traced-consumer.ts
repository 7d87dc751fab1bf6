import type { JournalEntry } from '../journal/journal-entry.js';
import type { SpanOptions, Telemetry } from '../telemetry/telemetry.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from './consumer.js';

/** How a consumer's work appears in the traces of the messages that it handles. */
export interface TracedWork {
  readonly telemetry: Telemetry;
  /** `project`, `publish`. */
  readonly verb: string;
  readonly kind: NonNullable<SpanOptions['kind']>;
}

/**
 * A consumer whose batches have a span in the trace of each message in them: one trace leads from whoever sent a
 * command to the read model.
 */
export class TracedConsumer implements Consumer {
  readonly parks: boolean;
  readonly #consumer: Consumer;
  readonly #work: TracedWork;

  constructor(consumer: Consumer, work: TracedWork) {
    this.parks = consumer.parks ?? true;
    this.#consumer = consumer;
    this.#work = work;
  }

  itemsOf(entry: JournalEntry): readonly WorkItem[] {
    return this.#consumer.itemsOf(entry);
  }

  get evidenceOf(): Consumer['evidenceOf'] {
    return this.#consumer.evidenceOf?.bind(this.#consumer);
  }

  get lastWhole(): Consumer['lastWhole'] {
    return this.#consumer.lastWhole?.bind(this.#consumer);
  }

  async hasHandled(item: WorkItem, context: ConsumeContext): Promise<boolean> {
    return (await this.#consumer.hasHandled?.(item, context)) ?? false;
  }

  handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    const { telemetry, verb, kind } = this.#work;
    const attributes = {
      'diptych.subscription': context.subscription,
      'diptych.partition': context.partition,
    };
    let run = () => this.#consumer.handle(items, context);
    for (const { traceparent, tracestate } of tracesIn(items)) {
      const inner = run;
      const parent = { traceparent, ...(tracestate !== undefined && { tracestate }) };
      run = () =>
        telemetry.span({ name: `${verb} ${context.subscription}`, kind, attributes, parent }, inner);
    }
    return run();
  }
}

interface Trace {
  readonly traceparent: string;
  readonly tracestate: string | undefined;
}

/** The traces that the items belong to, each once. */
function tracesIn(items: readonly WorkItem[]): Iterable<Trace> {
  const traces = new Map<string, Trace>();
  for (const { entry } of items) {
    const { traceparent, tracestate } = entry;
    if (traceparent !== undefined) traces.set(traceparent, { traceparent, tracestate });
  }
  return traces.values();
}

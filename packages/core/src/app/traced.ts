import type { Consumer } from '../subscriptions/consumer.js';
import { TracedConsumer, type TracedWork } from '../subscriptions/traced-consumer.js';
import type { AppParts } from './app-parts.js';

/** The consumer, in the traces of what it handles where traces are kept; else the consumer itself. */
export function traced(
  consumer: Consumer,
  { options }: AppParts,
  work: Omit<TracedWork, 'telemetry'>,
): Consumer {
  const { telemetry } = options;
  return telemetry === undefined ? consumer : new TracedConsumer(consumer, { telemetry, ...work });
}

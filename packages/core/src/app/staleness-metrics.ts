import type { Staleness } from '../projections/staleness.js';
import type { Observation, Telemetry } from '../telemetry/telemetry.js';
import type { Operations } from './operations.js';

interface StalenessMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly value: (staleness: Staleness) => number | undefined;
}

const metrics: readonly StalenessMetric[] = [
  {
    name: 'diptych.subscription.entries_behind',
    unit: '{entry}',
    description: 'Events and commands in the journal that the subscription has not come to.',
    value: ({ entriesBehind }) => entriesBehind,
  },
  {
    name: 'diptych.subscription.seconds_behind',
    unit: 's',
    description: 'Age of the oldest entry that the subscription has not come to.',
    value: ({ secondsBehind }) => secondsBehind,
  },
  {
    name: 'diptych.subscription.checkpoint_age',
    unit: 's',
    description: 'How long the oldest checkpoint that is behind has not moved.',
    value: ({ checkpointAgeInMs }) =>
      checkpointAgeInMs === undefined ? undefined : checkpointAgeInMs / 1_000,
  },
  {
    name: 'diptych.subscription.parked_keys',
    unit: '{key}',
    description: 'Keys with parked messages.',
    value: ({ parkedKeys }) => parkedKeys,
  },
];

/** Exports how far the subscriptions of this process are behind. The returned function ends it. */
export function exportStaleness(telemetry: Telemetry, operations: Operations): () => void {
  const ends = metrics.map(({ name, unit, description, value }) =>
    telemetry.gauge(name, () => observe(operations, value), { unit, description }),
  );
  return () => {
    for (const end of ends) end();
  };
}

async function observe(
  operations: Operations,
  value: StalenessMetric['value'],
): Promise<readonly Observation[]> {
  const observed = await Promise.all(
    operations.subscriptions.map(async (subscription) => ({
      value: value(await operations.staleness(subscription)),
      attributes: { 'diptych.subscription': subscription },
    })),
  );
  return observed.filter((one): one is typeof one & { readonly value: number } => one.value !== undefined);
}

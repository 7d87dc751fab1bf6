import type { App, SubscriptionDescription } from '@diptych/core';
import type {
  RebuildState,
  SubscriptionGroup,
  SubscriptionState,
} from '../page/browser/operations/snapshot.js';
import type { FaultSwitches } from './fault-switches.js';
import type { Gauges } from './meters.js';

/** The subscriptions of this process, the copies of one projection together. How far each is comes from the gauges. */
export async function subscriptionGroups(
  app: Pick<App, 'describe' | 'operations'>,
  gauges: Gauges,
  faults: FaultSwitches,
): Promise<readonly SubscriptionGroup[]> {
  const { subscriptions, readModels } = app.describe();
  const rebuilds = await app.operations.rebuilds.progress();
  return subscriptions.map((described): SubscriptionGroup => {
    const projection = readModels.find(({ subscription }) => subscription === described.name)?.name;
    const rebuild = rebuilds.find(({ copy }) => copy.model === projection);
    return {
      name: projection ?? described.name,
      kind: described.kind,
      subscriptions: running(app, described).map((name, _index, all) => ({
        ...stateOf(app, name, gauges),
        copy:
          described.kind === 'projection' ? copyOf(generationOf(name), all, rebuild?.copy.generation) : null,
      })),
      isBroken: projection !== undefined && faults.isBroken(projection),
      rebuild: rebuild === undefined ? null : rebuildState(rebuild),
    };
  });
}

/** Those of this process, the newest first; each further copy of a projection has a generation behind its name. */
function running(
  { operations }: Pick<App, 'operations'>,
  { name }: SubscriptionDescription,
): readonly string[] {
  return operations.subscriptions
    .filter((one) => one === name || one.startsWith(`${name}/g`))
    .sort((one, other) => generationOf(other) - generationOf(one));
}

function generationOf(subscription: string): number {
  return Number(/\/g(\d+)$/.exec(subscription)?.[1] ?? 1);
}

/** The newest copy serves, unless it is still being built. */
function copyOf(
  generation: number,
  all: readonly string[],
  building: number | undefined,
): SubscriptionState['copy'] {
  if (generation === building) return 'being built';
  const built = all.map(generationOf).filter((one) => one !== building);
  return generation === Math.max(...built) ? 'serving' : 'replaced, still fed';
}

function stateOf(
  { operations }: Pick<App, 'operations'>,
  name: string,
  gauges: Gauges,
): Omit<SubscriptionState, 'copy'> {
  const control = operations.control(name);
  const gauge = (metric: string) =>
    gauges
      .get(`diptych.subscription.${metric}`)
      ?.find(({ attributes }) => attributes?.['diptych.subscription'] === name)?.value ?? 0;
  return {
    name,
    entriesBehind: gauge('entries_behind'),
    secondsBehind: gauge('seconds_behind'),
    parkedKeys: gauge('parked_keys'),
    isPaused: control.isPaused,
    delayInMs: control.delayInMs,
    notRunning: control
      .status()
      .filter(({ state }) => state !== 'running')
      .map(({ partition, state, error }) => ({ partition, state, error: textOf(error) })),
  };
}

function textOf(error: unknown): string {
  if (error === undefined) return 'A message whose key cannot be told is parked.';
  return error instanceof Error ? error.message : String(error);
}

function rebuildState({
  copy,
  done,
  total,
  blockedBy,
}: Awaited<ReturnType<App['operations']['rebuilds']['progress']>>[number]): RebuildState {
  return { generation: copy.generation, done, total, blockedBy: blockedBy.length };
}

import type { App } from '@diptych/core';
import type { OperationsSnapshot } from '../page/browser/operations/snapshot.js';
import type { OperatorTools } from './operator-tools.js';
import { parkedHeads } from './parked-heads.js';
import { subscriptionGroups } from './subscription-groups.js';

export interface SnapshotSources {
  readonly app: Pick<App, 'describe' | 'operations'>;
  readonly tools: OperatorTools;
}

/** Everything that the operations page shows, as it is now. */
export async function takeSnapshot({ app, tools }: SnapshotSources): Promise<OperationsSnapshot> {
  const { meters, faults } = tools;
  const [gauges, journal] = await Promise.all([meters.observe(), app.operations.journal()]);
  const groups = await subscriptionGroups(app, gauges, faults);
  // Of those that run here: what a rebuild that was given up had parked concerns nobody any more.
  const running = groups.flatMap(({ subscriptions }) => subscriptions);
  const parked = await Promise.all(
    running.filter(({ parkedKeys }) => parkedKeys > 0).map(({ name }) => parkedHeads(app.operations, name)),
  );
  return {
    at: new Date().toISOString(),
    seconds: meters.timeline.past(),
    messages: meters.totals(),
    journal,
    groups,
    parked: parked.flat(),
  };
}

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
  const [gauges, journal, parked] = await Promise.all([
    meters.observe(),
    app.operations.journal(),
    parkedHeads(app.operations),
  ]);
  return {
    at: new Date().toISOString(),
    seconds: meters.timeline.past(),
    messages: meters.totals(),
    journal,
    groups: await subscriptionGroups(app, gauges, faults),
    parked,
  };
}

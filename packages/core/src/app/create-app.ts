import { commandSubscription } from '../commands/command-consumer.js';
import { Rebuilds } from '../projections/rebuild/rebuilds.js';
import { ServingCopies } from '../projections/serving-copies.js';
import { subscriptionNameOf } from '../projections/subscription-name.js';
import { relayName } from '../relay/relay-consumer.js';
import { noCommandBus, noQueryBus } from './absent-role.js';
import type { App } from './app.js';
import type { AppOptions } from './app-options.js';
import type { AppParts } from './app-parts.js';
import { assembleParts } from './assemble-parts.js';
import { commandBusOf, unitOfWorkOf } from './command-side.js';
import { describeApp } from './describe-app.js';
import { loggedNotice } from './logged-notice.js';
import { openPumps } from './open-pumps.js';
import { Operations } from './operations.js';
import { queryBusOf } from './query-side.js';
import { RunningApp } from './running-app.js';
import { RunningSubscriptions } from './running-subscriptions.js';
import { WakeUp } from './wake-up.js';

/**
 * Puts a program together and checks all of it. Nothing runs by itself before `start`.
 * @throws StartUpError with every fault at once: handlers missing or twice, no policy, dependencies that cannot be
 *   resolved, wire names used twice, schemas that JSON breaks, projections without a store, an unfit broker.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const parts = await assembleParts(options);
  const { clock, roles, storeOf, registrations } = parts;
  const serving = new ServingCopies({ storeOf, clock });
  const unitOfWork = unitOfWorkOf(parts);
  const commandBus = roles.has('commands') ? commandBusOf(parts, unitOfWork) : undefined;
  const queryBus = roles.has('queries') ? queryBusOf(parts, serving) : undefined;
  const running = new RunningSubscriptions(parts, (notice) => {
    loggedNotice(parts.logger, notice);
    options.observe?.(notice);
  });
  const copiesChanged = new WakeUp();
  return new RunningApp({
    parts,
    commands: commandBus ?? noCommandBus,
    queries: queryBus ?? noQueryBus,
    operations: operationsOf(parts, running, copiesChanged),
    running,
    openPumps: () => openPumps(parts, { running, serving, unitOfWork, commandBus, copiesChanged }),
    describe: () =>
      describeApp(parts, { commands: commandBus?.describe() ?? [], queries: queryBus?.describe() ?? [] }),
    ready: () => isReady(serving, readsOrFeeds(parts) ? registrations.projections : []),
  });
}

function operationsOf(parts: AppParts, running: RunningSubscriptions, copiesChanged: WakeUp): Operations {
  const { options, clock, journal, registrations, storeOf } = parts;
  const { subscriptions, reader } = options.database;
  const stores = { subscriptions, reader, partitions: journal.partitions };
  const rebuilds = new Rebuilds({
    ...stores,
    projections: registrations.projections,
    storeOf,
    onChange: () => copiesChanged.call(),
  });
  const isKnown = (name: string) => subscriptionNames(parts).includes(name);
  return new Operations({ ...stores, clock, running, rebuilds, isKnown });
}

/** Those that processes of this program run, without later generations of read models. */
function subscriptionNames({ registrations, topic }: AppParts): readonly string[] {
  return [
    ...registrations.projections.map(({ definition }) =>
      subscriptionNameOf({ ...definition, generation: 1 }),
    ),
    ...registrations.eventHandlers.map(({ subscription }) => subscription),
    commandSubscription,
    relayName(topic),
  ];
}

function readsOrFeeds({ roles }: AppParts): boolean {
  return roles.has('queries') || roles.has('projections');
}

async function isReady(
  serving: ServingCopies,
  projections: AppParts['registrations']['projections'],
): Promise<boolean> {
  try {
    for (const projection of projections) await serving.of(projection);
    return true;
  } catch {
    return false;
  }
}

import { ProjectionFolds } from '../projections/projection-folds.js';
import { ProjectionHost } from '../projections/projection-host.js';
import type { ProjectionRegistration } from '../projections/projection-registration.js';
import type {
  CopyFeed,
  FeedRequest,
  ProjectionSurroundings,
  RunningProjection,
} from '../projections/running-projection.js';
import type { ServingCopies } from '../projections/serving-copies.js';
import { Sweeper } from '../projections/sweeper.js';
import type { AppParts } from './app-parts.js';
import type { RunningSubscriptions } from './running-subscriptions.js';
import { traced } from './traced.js';

/** The projections of an app with everything resolved that they need to run. */
export function runningProjections({
  registrations,
  resolver,
  storeOf,
}: AppParts): readonly RunningProjection[] {
  return registrations.projections.map((registration) => ({
    registration,
    folds: new ProjectionFolds(registration, instanceOf(registration, resolver)),
    store: storeOf(registration),
  }));
}

function projectionSurroundings({ options, clock, journal, owner }: AppParts): ProjectionSurroundings {
  const { subscriptions, reader } = options.database;
  return { subscriptions, reader, clock, partitions: journal.partitions, owner };
}

export function projectionHostOf(
  parts: AppParts,
  projections: readonly RunningProjection[],
  running: RunningSubscriptions,
  serving: ServingCopies,
): ProjectionHost {
  const { logger, options } = parts;
  const { pollInMs, leaseInMs, retiredGraceInMs } = options.subscriptions ?? {};
  return new ProjectionHost({
    ...projectionSurroundings(parts),
    projections,
    openFeed: (request) =>
      openFeed(parts, running, {
        ...request,
        consumer: traced(request.consumer, parts, { verb: 'project', kind: 'consumer' }),
      }),
    onServing: () => serving.forget(),
    observe: (notice) => logger.warn(`projection ${notice.kind}`, { ...notice }),
    pollInMs,
    leaseInMs,
    retiredGraceInMs,
  });
}

/** What repairs the mirrors of read models, where there are any. */
export function sweeperOf(
  { options, clock, owner, logger }: AppParts,
  projections: readonly RunningProjection[],
): Sweeper {
  return new Sweeper({
    projections,
    subscriptions: options.database.subscriptions,
    clock,
    owner,
    observe: (notice) => logger.warn(`mirror ${notice.kind}`, { ...notice }),
  });
}

function instanceOf(
  { source, ...registration }: ProjectionRegistration,
  resolver: AppParts['resolver'],
): object | undefined {
  return source === undefined ? undefined : resolver.instanceOf({ ...registration, source })();
}

async function openFeed(
  { options, topic }: AppParts,
  running: RunningSubscriptions,
  { subscription, consumer, ordering, honourDiscardsOf }: FeedRequest,
): Promise<CopyFeed> {
  const arrivals = await options.transport?.subscribe(topic, subscription);
  const runner = running.open({ subscription, consumer, ordering, honourDiscardsOf, arrivals });
  return { start: () => runner.start(), stop: () => running.close(runner) };
}

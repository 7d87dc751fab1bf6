import { CommandConsumer, commandSubscription } from '../commands/command-consumer.js';
import type { RunningCommandBus } from '../commands/create-command-bus.js';
import { InboxCleaner } from '../commands/inbox-cleaner.js';
import { Scheduler } from '../commands/scheduler.js';
import { eventBehaviors } from '../events/event-behaviors.js';
import { EventConsumer } from '../events/event-consumer.js';
import type { ServingCopies } from '../projections/serving-copies.js';
import { type RelayConsumer, relayName, relayToQueue, relayToTopic } from '../relay/relay-consumer.js';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import type { AppParts } from './app-parts.js';
import type { BackgroundPump } from './background-pump.js';
import { LoopedPump } from './looped-pump.js';
import { projectionHostOf, runningProjections, sweeperOf } from './projection-side.js';
import type { RunningSubscriptions } from './running-subscriptions.js';
import { traced } from './traced.js';
import type { WakeUp } from './wake-up.js';

export interface PumpParts {
  readonly running: RunningSubscriptions;
  readonly serving: ServingCopies;
  readonly unitOfWork: UnitOfWork;
  /** Called when an operator of this process began or gave up a rebuild. */
  readonly copiesChanged: WakeUp;
  /** Absent in a process without the role `commands`. */
  readonly commandBus: RunningCommandBus | undefined;
}

/** Opens what the roles of this process run: subscriptions, and what looks after them. */
export async function openPumps(parts: AppParts, pumps: PumpParts): Promise<readonly BackgroundPump[]> {
  const { roles } = parts;
  const background: BackgroundPump[] = [];
  if (roles.has('relay')) openRelays(parts, pumps);
  if (pumps.commandBus !== undefined)
    background.push(...(await openCommandSide(parts, pumps, pumps.commandBus)));
  if (roles.has('projections')) {
    const projections = runningProjections(parts);
    const host = projectionHostOf(parts, projections, pumps.running, pumps.serving);
    const looped = new LoopedPump(host, parts.clock);
    pumps.copiesChanged.onCall(() => looped.wake());
    background.push(looped);
    const sweeper = sweeperOf(parts, projections);
    if (sweeper.isNeeded) background.push(new LoopedPump(sweeper, parts.clock));
  }
  return background;
}

function openRelays(parts: AppParts, { running }: PumpParts): void {
  const { topic, queue, options } = parts;
  const { transport, queues } = options;
  const open = (destination: string, relay: RelayConsumer) =>
    running.open({
      subscription: relayName(destination),
      consumer: traced(relay, parts, { verb: 'publish', kind: 'producer' }),
    });
  if (transport !== undefined) open(topic, relayToTopic(transport, topic));
  if (queues !== undefined) open(queue, relayToQueue(queues, queue));
}

async function openCommandSide(
  parts: AppParts,
  { running, unitOfWork }: PumpParts,
  bus: RunningCommandBus,
): Promise<readonly BackgroundPump[]> {
  openEventHandlers(parts, running, unitOfWork);
  const { registry, registrations, clock, options } = parts;
  const { rememberForMs } = options.commands ?? {};
  const consumer = new CommandConsumer({
    bus,
    registry,
    clock,
    handlers: registrations.commands,
    rememberForMs,
  });
  const runner = running.open({
    subscription: commandSubscription,
    consumer,
    arrivals: await options.queues?.receive(parts.queue),
  });
  const owned = () => runner.status().map(({ partition }) => partition);
  return [schedulerOf(parts, owned), new LoopedPump(inboxCleanerOf(parts, owned), clock)];
}

/** Whoever owns the first partition of the commands cleans for all. */
function inboxCleanerOf({ options, clock, logger }: AppParts, owned: () => readonly number[]): InboxCleaner {
  const observe = (error: unknown) => logger.warn('settled commands cannot be forgotten', { error });
  const isElected = () => owned().includes(0);
  return new InboxCleaner({ writeStore: options.database.writeStore, clock, isElected, observe });
}

function schedulerOf({ options, clock, logger }: AppParts, owned: () => readonly number[]): Scheduler {
  const { writeStore, reader } = options.database;
  const { pollInMs } = options.subscriptions ?? {};
  return new Scheduler({
    writeStore,
    reader,
    owned,
    clock,
    observe: (error) => logger.warn('scheduled commands cannot be moved', { error }),
    pollInMs,
  });
}

function openEventHandlers(parts: AppParts, running: RunningSubscriptions, unitOfWork: UnitOfWork): void {
  const { registrations, resolver, envelopes, clock, logger, options } = parts;
  const { telemetry, events } = options;
  const behaviors = eventBehaviors({ clock, logger, telemetry, ...events });
  for (const subscription of new Set(registrations.eventHandlers.map((one) => one.subscription))) {
    const handlers = registrations.eventHandlers.filter((one) => one.subscription === subscription);
    const consumer = new EventConsumer({ handlers, resolver, unitOfWork, envelopes, behaviors });
    const startAt = handlers.every((one) => one.startAt === 'newest') ? 'newest' : 'first';
    running.open({ subscription, consumer, startAt });
  }
}

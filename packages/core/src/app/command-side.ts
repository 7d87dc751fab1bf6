import { commandBehaviors } from '../commands/command-behaviors.js';
import { createCommandBus, type RunningCommandBus } from '../commands/create-command-bus.js';
import { aroundPrepare, unitOfWorkBehavior } from '../commands/unit-of-work-behavior.js';
import type { Envelope } from '../messages/envelope.js';
import { largestEnvelopeBytes } from '../transports/message-size.js';
import { findOpenSession } from '../unit-of-work/current-session.js';
import { assertFits } from '../unit-of-work/message-size.js';
import { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import type { AppParts } from './app-parts.js';

export function unitOfWorkOf({ options, registry, clock, logger }: AppParts): UnitOfWork {
  const { name, database, transport, queues } = options;
  const limits = [transport, queues].map((broker) => broker && largestEnvelopeBytes(broker));
  return new UnitOfWork({
    store: database.writeStore,
    registry,
    source: name,
    clock,
    maxMessageBytes: smallestOf(limits),
    onFault: (error) => logger.error('work after a commit failed', { error }),
  });
}

export function commandBusOf(parts: AppParts, unitOfWork: UnitOfWork): RunningCommandBus {
  const { options, registrations, resolver, envelopes, clock, logger, journal } = parts;
  const { telemetry, commands = {} } = options;
  return createCommandBus({
    handlers: registrations.commands,
    resolver,
    envelopes,
    behaviors: commandBehaviors({ clock, logger, telemetry, ...commands }),
    unitOfWork: unitOfWorkBehavior(unitOfWork),
    aroundPrepare: aroundPrepare(unitOfWork),
    send: (command, key) => journalCommand(parts, command, key),
    incarnation: () => journal.incarnation,
    insideSession: () => findOpenSession() !== undefined,
  });
}

async function journalCommand({ options }: AppParts, command: Envelope, key: string): Promise<void> {
  const { writeStore } = options.database;
  assertFits(command, writeStore.options.maxMessageBytes);
  await writeStore.commit({ entries: [{ kind: 'send', key, command }] });
}

function smallestOf(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

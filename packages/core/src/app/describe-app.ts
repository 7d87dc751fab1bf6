import { commandSubscription } from '../commands/command-consumer.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import { definitionOf } from '../messages/message.js';
import type { PipelineDescription } from '../pipeline/router.js';
import { subscriptionNameOf } from '../projections/subscription-name.js';
import { projectionsReadBy } from '../queries/read-model-behavior.js';
import { relayName } from '../relay/relay-consumer.js';
import type { AppDescription, MessageDescription, SubscriptionDescription } from './app-description.js';
import type { AppParts } from './app-parts.js';

export interface Pipelines {
  readonly commands: readonly PipelineDescription[];
  readonly queries: readonly PipelineDescription[];
}

export function describeApp(parts: AppParts, pipelines: Pipelines): AppDescription {
  const { options, roles, journal, registrations } = parts;
  const { commands, queries, projections } = registrations;
  return {
    name: options.name,
    roles: [...roles],
    partitions: journal.partitions,
    commands: commands.map((handler) => describeHandler(handler, pipelines.commands)),
    queries: queries.map((handler) => ({
      ...describeHandler(handler, pipelines.queries),
      reads: projectionsReadBy(handler, projections).map(({ name }) => name),
    })),
    subscriptions: describeSubscriptions(parts),
    readModels: projections.map(({ name, definition }) => ({
      name,
      version: definition.version,
      indexes: Object.keys(definition.indexes),
      subscription: subscriptionNameOf({ ...definition, generation: 1 }),
    })),
    limits: limitsOf(parts),
  };
}

function describeHandler(
  handler: MessageHandlerRegistration,
  pipelines: readonly PipelineDescription[],
): MessageDescription {
  const { wireName } = handler.message;
  return {
    name: wireName,
    version: definitionOf(handler.message)?.version ?? 1,
    handler: handler.name,
    policy: handler.authorize?.name ?? 'nobody',
    reach: handler.authorize?.reach ?? 'internal',
    behaviors: pipelines.find(({ message }) => message === wireName)?.behaviors ?? [],
  };
}

function describeSubscriptions({
  options,
  topic,
  queue,
  registrations,
}: AppParts): readonly SubscriptionDescription[] {
  const { commands, eventHandlers, projections } = registrations;
  const subscriptions: SubscriptionDescription[] = [];
  if (commands.length > 0) {
    subscriptions.push({
      name: commandSubscription,
      kind: 'commands',
      role: 'commands',
      feed: options.queues === undefined ? 'journal' : relayName(queue),
      events: [],
    });
  }
  for (const name of new Set(eventHandlers.map(({ subscription }) => subscription))) {
    const events = eventHandlers
      .filter(({ subscription }) => subscription === name)
      .map(({ message }) => message.wireName);
    subscriptions.push({ name, kind: 'event-handler', role: 'commands', feed: 'journal', events });
  }
  if (options.transport !== undefined) {
    subscriptions.push({ name: relayName(topic), kind: 'relay', role: 'relay', feed: 'journal', events: [] });
  }
  if (options.queues !== undefined) {
    subscriptions.push({ name: relayName(queue), kind: 'relay', role: 'relay', feed: 'journal', events: [] });
  }
  for (const { definition, folds, ordering } of projections) {
    const fromTopic = options.transport !== undefined && ordering !== 'global';
    subscriptions.push({
      name: subscriptionNameOf({ ...definition, generation: 1 }),
      kind: 'projection',
      role: 'projections',
      feed: fromTopic ? relayName(topic) : 'journal',
      events: [...new Set(folds.map(({ event }) => event.wireName))],
    });
  }
  return subscriptions;
}

/** What cannot be promised with this set-up. */
function limitsOf({ roles }: AppParts): readonly string[] {
  const absent = (['commands', 'relay', 'projections', 'queries'] as const).filter(
    (role) => !roles.has(role),
  );
  return absent.map((role) => `The role '${role}' does not run in this process: another one must run it.`);
}

import type { Namespace } from '../entities/namespace.js';
import { type EntityKind, knownSettings, readSettings } from '../entities/setting-names.js';
import { badRequest, ServiceBusError } from '../errors/service-bus-error.js';
import {
  CorrelationFilter,
  type CorrelationProperty,
  correlationProperties,
} from '../rules/correlation-filter.js';
import type { Rule } from '../rules/rule.js';
import { SqlAction } from '../rules/sql-action.js';
import { SqlFilter } from '../rules/sql-filter.js';
import type { EmulatorConfig, EntityConfig, RuleConfig, TopicConfig } from './emulator-config.js';

/** Makes the entities of a config file. Throws an error that names the entity at fault. */
export function applyConfig(namespace: Namespace, config: EmulatorConfig): void {
  const [only, ...others] = config.UserConfig?.Namespaces ?? [];
  if (others.length > 0)
    throw new Error('A Service Bus config has one namespace; start one emulator for each.');
  for (const queue of only?.Queues ?? []) {
    at(`queue '${queue.Name}'`, () => namespace.createQueue(queue.Name, settingsOf('queue', queue)));
  }
  for (const topic of only?.Topics ?? []) createTopic(namespace, topic);
}

function createTopic(namespace: Namespace, config: TopicConfig): void {
  const topic = at(`topic '${config.Name}'`, () =>
    namespace.createTopic(config.Name, settingsOf('topic', config)),
  );
  for (const subscription of config.Subscriptions ?? []) {
    at(`subscription '${subscription.Name}' of topic '${config.Name}'`, () => {
      const rules = subscription.Rules?.map((rule) => readRule(rule, namespace.broker.clock.now()));
      const settings = settingsOf('subscription', subscription);
      namespace.createSubscription(topic, subscription.Name, settings, rules);
    });
  }
}

function settingsOf<K extends EntityKind>(kind: K, { Properties: given = {} }: EntityConfig) {
  const known = knownSettings(kind);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw badRequest(`A ${kind} has no ${unknown.join(', ')}.`);
  return readSettings(kind, given);
}

function readRule({ Name: name, Properties: given = {} }: RuleConfig, createdAt: number): Rule {
  const action = given.Action === undefined ? undefined : new SqlAction(given.Action.SqlExpression);
  const { CorrelationFilter: correlation, SqlFilter: sql } = given;
  const filter =
    correlation === undefined
      ? new SqlFilter(sql?.SqlExpression ?? '1=1')
      : readCorrelationFilter(correlation);
  return { name, filter, action, createdAt };
}

function readCorrelationFilter(given: Readonly<Record<string, unknown>>): CorrelationFilter {
  const properties: Partial<Record<CorrelationProperty, string>> = {};
  for (const name of Object.keys(correlationProperties) as CorrelationProperty[]) {
    const value = given[name.charAt(0).toUpperCase() + name.slice(1)];
    if (value !== undefined && value !== '') properties[name] = String(value);
  }
  return new CorrelationFilter(properties, (given.Properties ?? {}) as Record<string, unknown>);
}

function at<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ServiceBusError)) throw error;
    throw new Error(`Service Bus config: ${place}: ${error.description}`, { cause: error });
  }
}

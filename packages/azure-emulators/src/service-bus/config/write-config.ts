import type { Namespace } from '../entities/namespace.js';
import { writeSettings } from '../entities/setting-names.js';
import type { SubscriptionEntity } from '../entities/subscription-entity.js';
import { CorrelationFilter } from '../rules/correlation-filter.js';
import type { Rule } from '../rules/rule.js';
import type { EmulatorConfig, EntityConfig, RuleConfig } from './emulator-config.js';

/** The entities there are, in the form of a config file: what `applyConfig` makes of it is the same again. */
export function writeConfig(namespace: Namespace): EmulatorConfig {
  const Queues = namespace.queues.map(({ path, settings }) => entityOf(path, settings));
  const Topics = namespace.topics.map(({ path, settings, subscriptions }) => ({
    ...entityOf(path, settings),
    Subscriptions: [...subscriptions.values()].map(subscriptionOf),
  }));
  return { UserConfig: { Namespaces: [{ Queues, Topics }] } };
}

function entityOf(Name: string, settings: object): EntityConfig {
  return { Name, Properties: writeSettings(settings) };
}

function subscriptionOf({ name, settings, rules }: SubscriptionEntity) {
  return { ...entityOf(name, settings), Rules: rules.map(ruleOf) };
}

function ruleOf({ name, filter, action }: Rule): RuleConfig {
  const Action = action && { SqlExpression: action.expression };
  return {
    Name: name,
    Properties: {
      ...(filter instanceof CorrelationFilter
        ? { FilterType: 'Correlation' as const, CorrelationFilter: correlationOf(filter) }
        : { FilterType: 'Sql' as const, SqlFilter: { SqlExpression: filter.expression } }),
      ...(Action && { Action }),
    },
  };
}

function correlationOf({ properties, applicationProperties }: CorrelationFilter): Record<string, unknown> {
  const named = Object.entries(properties).map(([name, value]) => [
    name.charAt(0).toUpperCase() + name.slice(1),
    value,
  ]);
  return { ...Object.fromEntries(named), Properties: applicationProperties };
}

import { locateSource } from '../entities/locate.js';
import { SubscriptionEntity } from '../entities/subscription-entity.js';
import { badRequest, entityNotFound } from '../errors/service-bus-error.js';
import {
  CorrelationFilter,
  type CorrelationProperty,
  correlationProperties,
} from '../rules/correlation-filter.js';
import type { Rule } from '../rules/rule.js';
import { SqlAction } from '../rules/sql-action.js';
import { SqlFilter } from '../rules/sql-filter.js';
import { integerOf, type ManagementRequest, type Operation, textOf } from './operation.js';
import { encodeRule } from './rule-codec.js';

function subscriptionOf({ namespace, path }: ManagementRequest): SubscriptionEntity {
  const { entity } = locateSource(namespace, path);
  if (!(entity instanceof SubscriptionEntity)) throw badRequest(`'${path}' is no subscription.`);
  return entity;
}

function add(request: ManagementRequest) {
  subscriptionOf(request).addRule(readRule(request));
  return {};
}

type Fields = Readonly<Record<string, unknown>>;

function readRule({ body, namespace }: ManagementRequest): Rule {
  const description = (body['rule-description'] ?? {}) as Readonly<Record<string, Fields | undefined>>;
  const { 'sql-filter': sql, 'correlation-filter': correlation, 'sql-rule-action': action } = description;
  if (sql === undefined && correlation === undefined) throw badRequest('A rule needs a filter.');
  return {
    name: textOf(body, 'rule-name'),
    filter: sql === undefined ? readCorrelation(correlation ?? {}) : new SqlFilter(textOf(sql, 'expression')),
    action: action == null ? undefined : new SqlAction(textOf(action, 'expression')),
    createdAt: namespace.broker.clock.now(),
  };
}

const wireName = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function readCorrelation(fields: Fields): CorrelationFilter {
  const properties: Partial<Record<CorrelationProperty, string>> = {};
  for (const name of Object.keys(correlationProperties) as CorrelationProperty[]) {
    const value = fields[wireName(name)];
    if (value != null) properties[name] = String(value);
  }
  return new CorrelationFilter(properties, (fields.properties ?? {}) as Fields);
}

function remove(request: ManagementRequest) {
  const subscription = subscriptionOf(request);
  const name = textOf(request.body, 'rule-name');
  if (subscription.rule(name) === undefined) throw entityNotFound(`${subscription.path}/Rules/${name}`);
  subscription.removeRule(name);
  return {};
}

function enumerate(request: ManagementRequest) {
  const [skip, top] = [integerOf(request.body.skip ?? 0), integerOf(request.body.top ?? 100)];
  const rules = subscriptionOf(request).rules.slice(skip, skip + top);
  if (rules.length === 0) return undefined;
  return { rules: rules.map((rule) => ({ 'rule-description': encodeRule(rule) })) };
}

/** What can be asked about a subscription's rules, by the names of the operations. */
export const ruleOperations: Readonly<Record<string, Operation>> = {
  'add-rule': { rights: ['Manage'], perform: add },
  'remove-rule': { rights: ['Manage'], perform: remove },
  'enumerate-rules': { rights: ['Manage'], perform: enumerate },
};

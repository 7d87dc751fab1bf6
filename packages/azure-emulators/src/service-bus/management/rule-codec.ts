import { described as describedValue, type Typed, types } from '../messages/amqp-types.js';
import {
  type CorrelationFilter,
  type CorrelationProperty,
  correlationProperties,
} from '../rules/correlation-filter.js';
import type { Rule } from '../rules/rule.js';

/** The descriptors of what a rule is made of on the wire. */
const codes = {
  rule: 0x13700000004,
  action: 0x13700000006,
  sqlFilter: 0x1370000006,
  trueFilter: 0x1370000007,
  falseFilter: 0x1370000008,
  correlationFilter: 0x1370000009,
};

/** The number of the expression language that the service writes beside an expression. */
const languageVersion = 20;

const described = (code: number, items: readonly unknown[]): Typed =>
  describedValue(code, types.wrap_list(items));

/** A rule as `enumerate-rules` shows it. */
export function encodeRule({ name, filter, action }: Rule): Typed {
  const shownAction = described(codes.action, action === undefined ? [] : [action.expression]);
  return described(codes.rule, [encodeFilter(filter), shownAction, name]);
}

function encodeFilter(filter: Rule['filter']): Typed {
  if (filter.kind === 'correlation') return encodeCorrelation(filter);
  if (filter.expression === '1=1') return described(codes.trueFilter, []);
  if (filter.expression === '1=0') return described(codes.falseFilter, []);
  return described(codes.sqlFilter, [filter.expression, languageVersion]);
}

function encodeCorrelation({ properties, applicationProperties }: CorrelationFilter): Typed {
  const names = Object.keys(correlationProperties) as CorrelationProperty[];
  const own = Object.keys(applicationProperties).length === 0 ? null : applicationProperties;
  return described(codes.correlationFilter, [...names.map((name) => properties[name] ?? null), own]);
}

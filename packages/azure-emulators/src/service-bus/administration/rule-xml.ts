import { badRequest } from '../errors/service-bus-error.js';
import {
  CorrelationFilter,
  type CorrelationProperty,
  correlationProperties,
} from '../rules/correlation-filter.js';
import type { Rule } from '../rules/rule.js';
import { SqlAction } from '../rules/sql-action.js';
import { SqlFilter } from '../rules/sql-filter.js';
import { elementAt, instanceNamespace, serviceBusNamespace, type XmlElement } from './atom-xml.js';

/** Reads a `RuleDescription`; without a filter the rule lets all through. */
export function ruleFrom(description: XmlElement, name: string, createdAt: number): Rule {
  const filter = elementAt(description, 'Filter');
  const action = elementAt(description, 'Action');
  const expression = action?.SqlExpression;
  return {
    name,
    filter: filter === undefined ? new SqlFilter('1=1') : filterFrom(filter),
    action:
      action === undefined || typeof expression !== 'string'
        ? undefined
        : new SqlAction(expression, valuesOf(action, 'Parameters')),
    createdAt,
  };
}

function filterFrom(filter: XmlElement): Rule['filter'] {
  const type = String(filter['@type']);
  if (type === 'CorrelationFilter') return correlationFrom(filter);
  if (type === 'TrueFilter') return new SqlFilter('1=1');
  if (type === 'FalseFilter') return new SqlFilter('1=0');
  if (type !== 'SqlFilter') throw badRequest(`There is no filter of the type '${type}'.`);
  return new SqlFilter(String(filter.SqlExpression ?? ''), valuesOf(filter, 'Parameters'));
}

const elementName = (property: string) => property.charAt(0).toUpperCase() + property.slice(1);

function correlationFrom(filter: XmlElement): CorrelationFilter {
  const properties: Partial<Record<CorrelationProperty, string>> = {};
  for (const name of Object.keys(correlationProperties) as CorrelationProperty[]) {
    const value = filter[elementName(name)];
    if (typeof value === 'string') properties[name] = value;
  }
  return new CorrelationFilter(properties, valuesOf(filter, 'Properties'));
}

/** Typed values by their keys. */
function valuesOf(parent: XmlElement, name: string): Record<string, unknown> {
  const pairs = elementAt(parent, name)?.KeyValueOfstringanyType ?? [];
  const list = (Array.isArray(pairs) ? pairs : [pairs]) as readonly XmlElement[];
  return Object.fromEntries(list.map((pair) => [String(pair.Key), valueFrom(pair.Value as XmlElement)]));
}

function valueFrom(value: XmlElement): unknown {
  const text = String(value['#text'] ?? '');
  const type = String(value['@type']).replace(/^.*:/, '');
  if (['int', 'long', 'double', 'short', 'decimal', 'float'].includes(type)) return Number(text);
  if (type === 'boolean') return text === 'true';
  return type === 'dateTime' ? new Date(text) : text;
}

/** The prefix that clients cut off has this length. */
const schema = { '@xmlns:d6p1': 'http://www.w3.org/2001/XMLSchema' };

function typed(value: unknown): XmlElement {
  const as = (type: string, text: string) => ({ '@i:type': `d6p1:${type}`, ...schema, '#text': text });
  if (typeof value === 'number') return as(Number.isInteger(value) ? 'int' : 'double', String(value));
  if (typeof value === 'boolean') return as('boolean', String(value));
  return value instanceof Date ? as('dateTime', value.toISOString()) : as('string', String(value));
}

function valuesElement(name: string, values: Readonly<Record<string, unknown>>): XmlElement {
  const entries = Object.entries(values);
  if (entries.length === 0) return {};
  const pairs = entries.map(([key, value]) => ({ Key: key, Value: typed(value) }));
  return { [name]: { KeyValueOfstringanyType: pairs } };
}

export function ruleElement({ name, filter, action, createdAt }: Rule): XmlElement {
  return {
    RuleDescription: {
      '@xmlns': serviceBusNamespace,
      '@xmlns:i': instanceNamespace,
      Filter: filterElement(filter),
      Action:
        action === undefined
          ? { '@i:type': 'EmptyRuleAction' }
          : {
              '@i:type': 'SqlRuleAction',
              SqlExpression: action.expression,
              ...valuesElement('Parameters', action.parameters),
            },
      Name: name,
      CreatedAt: new Date(createdAt).toISOString(),
    },
  };
}

function filterElement(filter: Rule['filter']): XmlElement {
  if (filter.kind === 'sql') {
    const type = filter.expression === '1=1' ? 'TrueFilter' : 'SqlFilter';
    const parameters = valuesElement('Parameters', filter.parameters);
    return { '@i:type': type, SqlExpression: filter.expression, ...parameters };
  }
  const named = Object.entries(filter.properties).map(([name, value]) => [elementName(name), value]);
  return {
    '@i:type': 'CorrelationFilter',
    ...(Object.fromEntries(named) as Record<string, string>),
    ...valuesElement('Properties', filter.applicationProperties),
  };
}

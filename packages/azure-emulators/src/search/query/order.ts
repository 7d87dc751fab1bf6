import { valuesAt } from '../documents/values-at.js';
import type { FieldKind } from '../indexes/field.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import type { JsonValue } from '../json.js';
import { badRequest } from '../search-error.js';
import type { Found } from './found.js';

type Compare = (one: Found, other: Found) => number;

const mostClauses = 32;
const byScore: Compare = (one, other) => other.score - one.score;

/** In what order things are found. Throws for one that cannot be. */
export function orderOf(schema: IndexSchema, clauses: readonly string[]): Compare {
  if (clauses.length > mostClauses) throw badRequest(`There are more than ${mostClauses} $orderby clauses.`);
  const compares = clauses.map((clause) => compareBy(schema, clause));
  return (one, other) => {
    for (const compare of compares) {
      const order = compare(one, other);
      if (order !== 0) return order;
    }
    return byScore(one, other);
  };
}

function compareBy(schema: IndexSchema, clause: string): Compare {
  const [, path = '', direction = 'asc'] = /^(\S+)(?:\s+(asc|desc))?$/.exec(clause) ?? [];
  const sign = direction === 'asc' ? 1 : -1;
  if (path === 'search.score()') return (one, other) => -sign * byScore(one, other);
  const field = schema.field(path);
  if (field === undefined)
    throw badRequest(`Invalid expression: Could not find a property named '${path || clause}'.`);
  if (!field.can.sortable) throw badRequest(`Invalid expression: The property '${path}' is not sortable.`);
  const names = path.split('/');
  const valueIn = ({ document }: Found) => comparable(field.kind, valuesAt(document, names)[0]);
  return (one, other) => sign * compareValues(valueIn(one), valueIn(other));
}

/** A time as a number: as a text, one with parts of a second would come before one without. */
function comparable(kind: FieldKind, value: JsonValue | undefined): JsonValue | undefined {
  return kind === 'date' && value !== undefined ? Date.parse(value as string) : value;
}

/** What is not there comes before all else. Texts go by their letters' numbers. */
function compareValues(one: JsonValue | undefined, other: JsonValue | undefined): number {
  if (one === undefined || other === undefined)
    return Number(one !== undefined) - Number(other !== undefined);
  if (typeof one === 'string' && typeof other === 'string') return compareTexts(one, other);
  return Number(one) - Number(other) || 0;
}

/** JavaScript compares halves of letters, which puts some before others that have smaller numbers. */
function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  if (halves.test(one) || halves.test(other)) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : 1;
}

const halves = /[\ud800-\udfff]/;

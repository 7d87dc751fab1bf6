import type { Field, FieldKind } from '../indexes/field.js';
import type { JsonValue } from '../json.js';
import { badRequest } from '../search-error.js';
import type { Comparison, Literal } from './syntax.js';

type Compare = (own: number, value: number) => boolean;

const ranges: Readonly<Record<Exclude<Comparison, 'eq' | 'ne'>, Compare>> = {
  gt: (own, value) => own > value,
  ge: (own, value) => own >= value,
  lt: (own, value) => own < value,
  le: (own, value) => own <= value,
};

const literalKinds: Readonly<Record<Exclude<FieldKind, 'complex'>, Literal['kind']>> = {
  string: 'string',
  int32: 'number',
  int64: 'number',
  double: 'number',
  boolean: 'boolean',
  date: 'date',
};

/** Whether a value of the field compares so. Throws where the service compares nothing of the kind. */
export function comparisonOf(
  field: Field,
  operator: Comparison,
  literal: Literal,
): (own: JsonValue) => boolean {
  const kind = field.kind as Exclude<FieldKind, 'complex'>;
  if (literal.kind !== 'null' && literal.kind !== literalKinds[kind]) {
    throw badRequest(
      `Invalid expression: '${field.path}' is ${field.type} and cannot be compared with a ${literal.kind}.`,
    );
  }
  if (operator === 'eq' || operator === 'ne') {
    const isEqual = equality(kind, literal);
    return operator === 'eq' ? isEqual : (own) => !isEqual(own);
  }
  // The service knows no order of strings in filters, and none of true and false.
  if (kind === 'string' || kind === 'boolean') {
    throw badRequest(
      `Invalid expression: '${operator}' is not supported for '${field.path}', which is ${field.type}.`,
    );
  }
  // Nothing is above or below what is not there.
  if (literal.kind === 'null') return () => false;
  const holds = ranges[operator];
  const value = literal.value as number;
  return (own) => own !== null && holds(comparable(kind, own), value);
}

function equality(kind: FieldKind, { value }: Literal): (own: JsonValue) => boolean {
  if (value === null) return (own) => own === null;
  return (own) => own !== null && comparable(kind, own) === value;
}

function comparable(kind: FieldKind, own: JsonValue): number {
  return kind === 'date' ? Date.parse(own as string) : (own as number);
}

import type { Field } from '../indexes/field.js';
import { badRequest } from '../search-error.js';
import type { Condition } from './syntax.js';

/**
 * What can be asked of the values of a collection of strings or truth values, by the service's documentation: `any` of
 * them is one of several, or `all` are none of several. Throws for other conditions, which the service refuses.
 */
export function requireStringRules(field: Field, quantifier: 'any' | 'all', part: Condition): void {
  if (field.kind !== 'string' && field.kind !== 'boolean') return;
  const isRight = quantifier === 'any' ? isOneOf(part) : isNoneOf(part);
  if (isRight) return;
  const allowed =
    quantifier === 'any' ? "'eq' and search.in, joined by 'or'" : "'ne' and 'not search.in', joined by 'and'";
  throw badRequest(`Invalid expression: of values in '${field.path}' ${quantifier} can ask only ${allowed}.`);
}

function isOneOf(part: Condition): boolean {
  if (part.kind === 'or') return part.parts.every(isOneOf);
  if (part.kind === 'compare') return part.operator === 'eq';
  return part.kind === 'in' || part.kind === 'path' || isNotPath(part);
}

function isNoneOf(part: Condition): boolean {
  if (part.kind === 'and') return part.parts.every(isNoneOf);
  if (part.kind === 'compare') return part.operator === 'ne';
  if (part.kind === 'not' && part.part.kind === 'in') return true;
  return part.kind === 'path' || isNotPath(part);
}

/** Of truth values alone. */
const isNotPath = (part: Condition) => part.kind === 'not' && part.part.kind === 'path';

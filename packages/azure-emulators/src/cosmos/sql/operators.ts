import { compare, isEqual, type Value } from './values.js';

type Binary = (left: Value, right: Value) => Value;

/** What is no boolean is unknown: `NOT` leaves it so. */
const not = (value: Value): Value => (typeof value === 'boolean' ? !value : undefined);

const and: Binary = (left, right) => {
  if (left === false || right === false) return false;
  return left === true && right === true ? true : undefined;
};

export const or: Binary = (left, right) => {
  if (left === true || right === true) return true;
  return left === false && right === false ? false : undefined;
};

const ordered =
  (holds: (order: number) => boolean): Binary =>
  (left, right) => {
    const order = compare(left, right);
    return order === undefined ? undefined : holds(order);
  };

const numeric =
  (work: (left: number, right: number) => number): Binary =>
  (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? finite(work(left, right)) : undefined;

/** JSON has no number for what is none. */
export const finite = (value: number): Value => (Number.isFinite(value) ? value : undefined);

const unequal: Binary = (left, right) => not(isEqual(left, right));

export const binaryOperators: Readonly<Record<string, Binary>> = {
  AND: and,
  OR: or,
  '??': (left, right) => (left === undefined ? right : left),
  '=': isEqual,
  '!=': unequal,
  '<>': unequal,
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  '||': (left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : undefined),
  '+': numeric((left, right) => left + right),
  '-': numeric((left, right) => left - right),
  '*': numeric((left, right) => left * right),
  '/': numeric((left, right) => left / right),
  '%': numeric((left, right) => left % right),
  '&': numeric((left, right) => left & right),
  '|': numeric((left, right) => left | right),
  '^': numeric((left, right) => left ^ right),
  '<<': numeric((left, right) => left << right),
  '>>': numeric((left, right) => left >> right),
  '>>>': numeric((left, right) => left >>> right),
};

const signed =
  (work: (value: number) => number) =>
  (value: Value): Value =>
    typeof value === 'number' ? work(value) : undefined;

export const unaryOperators: Readonly<Record<string, (value: Value) => Value>> = {
  NOT: not,
  '-': signed((value) => -value),
  '+': signed((value) => value),
  '~': signed((value) => ~value),
};

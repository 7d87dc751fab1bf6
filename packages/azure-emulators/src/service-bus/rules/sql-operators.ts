import { compare, isEqual, type SqlValue } from './sql-values.js';

type Binary = (left: SqlValue, right: SqlValue) => SqlValue;

/** Unknown is neither true nor false: `NOT` leaves it unknown. */
export const not = (value: SqlValue): SqlValue => (typeof value === 'boolean' ? !value : undefined);

export const and: Binary = (left, right) => {
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

export const comparisons: Readonly<Record<string, Binary>> = {
  '=': isEqual,
  '<>': (left, right) => not(isEqual(left, right)),
  '!=': (left, right) => not(isEqual(left, right)),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
};

const numeric =
  (work: (left: number, right: number) => number): Binary =>
  (left, right) => {
    if (left === undefined || right === undefined) return undefined;
    const [a, b] = [left, right].map((value) => (typeof value === 'bigint' ? Number(value) : value));
    if (typeof a !== 'number' || typeof b !== 'number') throw new Error('Only numbers can be reckoned with.');
    return work(a, b);
  };

export const minus = numeric((left, right) => left - right);
export const times = numeric((left, right) => left * right);
export const divide = numeric((left, right) => left / right);
export const modulo = numeric((left, right) => left % right);
const add = numeric((left, right) => left + right);

/** Texts are joined. */
export const plus: Binary = (left, right) =>
  typeof left === 'string' && typeof right === 'string' ? left + right : add(left, right);

/** `%` stands for any text and `_` for any letter, unless the escape letter stands before it. */
export function like(value: SqlValue, pattern: SqlValue, escapeLetter?: string): SqlValue {
  if (typeof value !== 'string' || typeof pattern !== 'string') return undefined;
  let expression = '';
  let isEscaped = false;
  for (const letter of pattern) {
    if (!isEscaped && letter === escapeLetter) {
      isEscaped = true;
      continue;
    }
    const any = letter === '%' ? '.*' : letter === '_' ? '.' : undefined;
    expression +=
      any === undefined || isEscaped ? letter.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`) : any;
    isEscaped = false;
  }
  return new RegExp(`^${expression}$`, 's').test(value);
}

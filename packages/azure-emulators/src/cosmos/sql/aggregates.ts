import { inOrder, typeOf, type Value } from './values.js';

/** Takes values in, and gives one in the end. */
export interface Aggregate {
  add(value: Value): void;
  result(): Value;
}

const count = (): Aggregate => {
  let counted = 0;
  return {
    add: (value) => {
      if (value !== undefined) counted++;
    },
    result: () => counted,
  };
};

/** One value that is no number makes the whole unknown; what is undefined does not count. */
const summing = (resultOf: (sum: number, counted: number) => Value) => (): Aggregate => {
  let sum = 0;
  let counted = 0;
  let isNumeric = true;
  return {
    add: (value) => {
      if (value === undefined) return;
      if (typeof value !== 'number') isNumeric = false;
      else sum += value;
      counted++;
    },
    result: () => (isNumeric ? resultOf(sum, counted) : undefined),
  };
};

/** The first or last one of scalars in the order of sorting; a list or an object makes the whole unknown. */
const extreme = (sign: number) => (): Aggregate => {
  let found: Value;
  let isScalar = true;
  return {
    add: (value) => {
      if (value === undefined) return;
      if (typeOf(value) === 'array' || typeOf(value) === 'object') isScalar = false;
      else if (found === undefined || inOrder(value, found) * sign > 0) found = value;
    },
    result: () => (isScalar ? found : undefined),
  };
};

export const aggregates: Readonly<Record<string, () => Aggregate>> = {
  COUNT: count,
  SUM: summing((sum) => sum),
  AVG: summing((sum, counted) => (counted === 0 ? undefined : sum / counted)),
  MIN: extreme(-1),
  MAX: extreme(1),
};

export const isAggregate = (name: string) => Object.hasOwn(aggregates, name.toUpperCase());

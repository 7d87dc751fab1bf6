import { finite } from '../operators.js';
import { onNumber, type SystemFunction, withValues } from './system-function.js';

const numeric = (work: (value: number) => number) => onNumber((value) => finite(work(value)));

/** Half is rounded away from zero. */
const round = (value: number) => Math.sign(value) * Math.round(Math.abs(value));

export const mathFunctions: Readonly<Record<string, SystemFunction>> = {
  ABS: numeric(Math.abs),
  CEILING: numeric(Math.ceil),
  FLOOR: numeric(Math.floor),
  ROUND: withValues(
    1,
    ([value, digits = 0]) => {
      if (typeof value !== 'number' || typeof digits !== 'number') return undefined;
      const factor = 10 ** digits;
      return finite(round(value * factor) / factor);
    },
    2,
  ),
  TRUNC: numeric(Math.trunc),
  SIGN: numeric(Math.sign),
  SQRT: numeric(Math.sqrt),
  SQUARE: numeric((value) => value * value),
  EXP: numeric(Math.exp),
  LOG: withValues(
    1,
    ([value, base = Math.E]) =>
      typeof value === 'number' && typeof base === 'number'
        ? finite(Math.log(value) / Math.log(base))
        : undefined,
    2,
  ),
  LOG10: numeric(Math.log10),
  POWER: withValues(2, ([value, power]) =>
    typeof value === 'number' && typeof power === 'number' ? finite(value ** power) : undefined,
  ),
  PI: withValues(0, () => Math.PI),
  INTADD: withValues(2, ([one, other]) => whole(one, other, (a, b) => a + b)),
  INTSUB: withValues(2, ([one, other]) => whole(one, other, (a, b) => a - b)),
  INTMUL: withValues(2, ([one, other]) => whole(one, other, (a, b) => a * b)),
};

function whole(one: unknown, other: unknown, work: (a: number, b: number) => number): number | undefined {
  if (!Number.isInteger(one) || !Number.isInteger(other)) return undefined;
  const result = work(one as number, other as number);
  return Number.isSafeInteger(result) ? result : undefined;
}

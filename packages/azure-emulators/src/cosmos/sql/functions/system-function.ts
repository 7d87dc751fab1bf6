import type { Clock } from '../../../clock/clock.js';
import type { Value } from '../values.js';

/** A function of the language: how many values it takes, and what it gives. */
export interface SystemFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (values: readonly Value[], clock: Clock) => Value;
}

export const withValues = (least: number, call: SystemFunction['call'], most = least): SystemFunction => ({
  least,
  most,
  call,
});

/** `undefined` where one of the first `count` values is no text. */
export const onTexts = (
  count: number,
  work: (texts: readonly string[], rest: readonly Value[]) => Value,
  most = count,
) =>
  withValues(
    count,
    (values) => {
      const texts = values.slice(0, count);
      return texts.every((text) => typeof text === 'string')
        ? work(texts as string[], values.slice(count))
        : undefined;
    },
    most,
  );

export const onNumber = (work: (value: number) => Value): SystemFunction =>
  withValues(1, ([value]) => (typeof value === 'number' ? work(value) : undefined));

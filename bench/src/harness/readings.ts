import type { Reading } from './line.js';
import type { Measurement } from './measure.js';
import { spreadOf } from './spread.js';

export function readingsOf(measurements: readonly Measurement[]): readonly Reading[] {
  return measurements.map(({ name, rates }) => ({ name, unit: 'calls/s', spread: spreadOf(rates) }));
}

/** @throws Error when nothing of that name was measured. */
export function named(measurements: readonly Measurement[], name: string): Measurement {
  const found = measurements.find((measurement) => measurement.name === name);
  if (found === undefined) throw new Error(`'${name}' was not measured.`);
  return found;
}

/** The one with the highest median. */
export function fastest(measurements: readonly Measurement[]): Measurement {
  const byRate = [...measurements].sort((a, b) => spreadOf(b.rates).median - spreadOf(a.rates).median);
  if (byRate[0] === undefined) throw new Error('Nothing was measured.');
  return byRate[0];
}

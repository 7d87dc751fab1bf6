import type { Comparison } from './comparison.js';
import type { Spread } from './spread.js';

/** A quantity as it was measured, for the reader: `calls/s` or `ms`. */
export interface Reading {
  readonly name: string;
  readonly unit: 'calls/s' | 'ms';
  readonly spread: Spread;
}

/** Something that is so or is not, measured beside the speed. */
export interface Check {
  readonly what: string;
  readonly passed: boolean;
  /** What was seen. */
  readonly seen: string;
}

export interface LineReport {
  readonly readings: readonly Reading[];
  readonly comparisons: readonly Comparison[];
  readonly checks?: readonly Check[];
}

/** One question about speed. Each is measured in a process of its own, with nothing of the others in it. */
export interface Line {
  /** `group/name`, which selects it on the command line. */
  readonly id: string;
  readonly title: string;
  run(): Promise<LineReport>;
}

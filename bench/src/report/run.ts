import type { LineReport } from '../harness/line.js';
import type { Environment } from './environment.js';

/** A line with what came of it. `failure` in place of a report when it could not be measured at all. */
export interface LineOutcome {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  readonly report?: LineReport;
  readonly failure?: string;
}

export interface Run {
  readonly environment: Environment;
  readonly seconds: number;
  readonly lines: readonly LineOutcome[];
}

/** Whether something was missed, did not hold, or could not be measured. */
export function hasFailed({ lines }: Run): boolean {
  return lines.some(
    ({ report, failure }) =>
      failure !== undefined ||
      report?.comparisons.some(({ verdict }) => verdict === 'missed') ||
      report?.checks?.some(({ passed }) => !passed),
  );
}

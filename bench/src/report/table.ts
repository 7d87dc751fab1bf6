import type { Comparison } from '../harness/comparison.js';
import type { Reading } from '../harness/line.js';
import type { Spread } from '../harness/spread.js';
import { hasFailed, type LineOutcome, type Run } from './run.js';

/** The run as text for people. */
export function tableOf(run: Run): string {
  const { time, node, cpu, cores, load, versions } = run.environment;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${time}, Node ${node}, ${cores} × ${cpu}, load ${load}`,
    packages.join(', '),
    'Medians (lowest–highest) of seven interleaved rounds.',
    ...run.lines.map(lineText),
    summary(run),
  ].join('\n');
}

function lineText({ id, title, report, failure }: LineOutcome): string {
  const rows: string[][] = [];
  for (const reading of report?.readings ?? []) rows.push(['', reading.name, readingText(reading), '', '']);
  for (const comparison of report?.comparisons ?? []) rows.push(comparisonRow(comparison));
  for (const { what, seen, passed } of report?.checks ?? [])
    rows.push(['✓', what, seen, '', passed ? 'holds' : 'FAILS']);
  const body = failure === undefined ? aligned(rows) : `  could not be measured: ${failure}`;
  return `\n${title}  [${id}]\n${body}`;
}

function comparisonRow({ what, ratio, bound, verdict, standing }: Comparison): string[] {
  const limit = bound === undefined ? '' : `${bound.kind} ${decimals(bound.value)}`;
  const said = [verdict === 'missed' ? 'MISSED' : verdict, standing].filter((word) => word !== undefined);
  return ['×', what, spreadText(ratio, decimals), limit, said.join(', ')];
}

function readingText({ spread, unit }: Reading): string {
  return `${spreadText(spread, unit === 'ms' ? decimals : thousands)} ${unit}`;
}

function spreadText({ median, min, max }: Spread, format: (value: number) => string): string {
  return `${format(median)} (${format(min)}–${format(max)})`;
}

const decimals = (value: number) => value.toFixed(value < 100 ? 2 : 0);

function thousands(value: number): string {
  if (value < 1e4) return value.toFixed(0);
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  return value >= 1e5 ? `${Math.round(value / 1e3)}k` : `${(value / 1e3).toFixed(1)}k`;
}

function aligned(rows: readonly string[][]): string {
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  const cells = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return rows.map((row) => `  ${cells(row).join('  ').trimEnd()}`).join('\n');
}

function summary(run: Run): string {
  const comparisons = run.lines.flatMap(({ report }) => report?.comparisons ?? []);
  const list = (title: string, some: readonly Comparison[]) =>
    some.length === 0 ? [] : [`${title}: ${some.map(({ what }) => what).join('; ')}.`];
  return [
    '',
    ...list(
      'Slower than a peer',
      comparisons.filter(({ standing }) => standing === 'behind'),
    ),
    ...list(
      'This run cannot tell',
      comparisons.filter(({ verdict }) => verdict === 'overlaps'),
    ),
    ...list(
      'Missed',
      comparisons.filter(({ verdict }) => verdict === 'missed'),
    ),
    `${hasFailed(run) ? 'Failed.' : 'No bound was missed.'} ${Math.round(run.seconds)} s.`,
  ].join('\n');
}

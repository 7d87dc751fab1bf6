import { parse } from 'csv-parse/sync';

/** One record of a CSV file, or what is wrong with it. */
export type CsvRecord =
  | { readonly kind: 'record'; readonly line: number; readonly fields: readonly string[] }
  | { readonly kind: 'unreadable'; readonly line: number; readonly text: string; readonly reason: string };

interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

const mostLines = 20;

/**
 * The records of a CSV file, which may have line breaks inside quotes. A quote that nobody closes spoils its own
 * line and no other: where a CSV library would read on to the end of the file, a line that makes a whole record
 * by itself shows that the quote before it was left open. Empty lines are passed over.
 */
export async function* readRecords(lines: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let open: NumberedLine[] = [];
  let columns: number | undefined;
  let line = 0;
  for await (const text of lines) {
    line += 1;
    // A byte order mark is no part of the first name.
    const { records, rest } = take(
      [...open, { line, text: line === 1 ? text.replace(/^\uFEFF/, '') : text }],
      columns,
    );
    columns ??= records.find((record) => record.kind === 'record')?.fields.length;
    open = rest;
    yield* records;
  }
  while (open.length > 0) {
    const { records, rest } = take(open.slice(1), columns);
    yield leftOpen(open[0]!);
    yield* records;
    open = rest;
  }
}

/** What can be told of lines that begin with one whose quote is perhaps still open. */
function take(
  lines: readonly NumberedLine[],
  columns: number | undefined,
): { records: CsvRecord[]; rest: NumberedLine[] } {
  const records: CsvRecord[] = [];
  let rest: NumberedLine[] = [];
  for (const next of lines) {
    if (rest.length > 0 && (rest.length === mostLines || isWhole(next, columns))) {
      // The first one stays alone with its quote; those behind it are looked at afresh.
      const again = take(rest.slice(1), columns);
      records.push(leftOpen(rest[0]!), ...again.records);
      rest = again.rest;
    }
    const joined = {
      line: rest[0]?.line ?? next.line,
      text: [...rest, next].map(({ text }) => text).join('\n'),
    };
    if (joined.text.trim() === '') continue;
    if (!closesQuotes(joined.text)) rest = [...rest, next];
    else {
      records.push(recordOf(joined, columns));
      rest = [];
    }
  }
  return { records, rest };
}

function recordOf({ line, text }: NumberedLine, columns: number | undefined): CsvRecord {
  const fields = fieldsOf(text);
  if (typeof fields === 'string') return { kind: 'unreadable', line, text, reason: fields };
  if (columns === undefined || fields.length === columns) return { kind: 'record', line, fields };
  return { kind: 'unreadable', line, text, reason: `it has ${fields.length} columns instead of ${columns}` };
}

/** The fields, or why there are none. Most lines have no quotes and need no parser. */
function fieldsOf(text: string): readonly string[] | string {
  if (!text.includes('"')) return text.split(',');
  try {
    return (parse(text) as string[][])[0] ?? [];
  } catch {
    return 'its quotes are not in order';
  }
}

function isWhole(line: NumberedLine, columns: number | undefined): boolean {
  return closesQuotes(line.text) && columns !== undefined && recordOf(line, columns).kind === 'record';
}

function closesQuotes(text: string): boolean {
  return text.split('"').length % 2 === 1;
}

function leftOpen({ line, text }: NumberedLine): CsvRecord {
  return { kind: 'unreadable', line, text, reason: 'a quote is not closed' };
}

import { z } from 'zod';
import { quantity } from '../lines/line.js';
import { amount } from '../money/money.js';
import type { CsvRecord } from './csv-records.js';

const row = z.object({
  InvoiceNo: z.string().min(1).max(100),
  StockCode: z.string().min(1).max(50),
  Description: z.string().max(500),
  Quantity: z
    .string()
    .regex(/^-?\d+$/, 'Must be a whole number')
    .transform(Number)
    .pipe(quantity),
  InvoiceDate: z.iso.datetime(),
  UnitPrice: amount,
  CustomerID: z.string().max(50),
  Country: z.string().min(1).max(100),
});

const columnNames = row.keyof().options;

/** A line of an invoice, as the file has it. */
export interface InvoiceLine extends z.infer<typeof row> {
  readonly line: number;
}

/** A line of the file that cannot be read, and why. */
export interface LineFault {
  readonly line: number;
  readonly reason: string;
}

/** What one record of the file says about which invoice. `undefined` where not even its number can be read. */
export interface ReadLine {
  readonly invoice: string | undefined;
  readonly content: InvoiceLine | LineFault;
}

export function isFault(content: InvoiceLine | LineFault): content is LineFault {
  return 'reason' in content;
}

/** The file is no invoice file, so nothing of it was imported. */
export class NotAnInvoiceFileError extends Error {}

/**
 * Reads records by the names in the file's first line.
 * @throws NotAnInvoiceFileError when a column is missing.
 */
export function invoiceLineReader(header: CsvRecord): (record: CsvRecord) => ReadLine {
  const names = header.kind === 'record' ? header.fields.map((name) => name.trim()) : [];
  const missing = columnNames.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new NotAnInvoiceFileError(`Its first line does not name ${missing.join(', ')}.`);
  const columns = columnNames.map((name) => [name, names.indexOf(name)] as const);
  const numberColumn = names.indexOf('InvoiceNo');

  return (record) => {
    const fields =
      record.kind === 'record'
        ? record.fields
        : record.text.split(',').map((text) => text.replaceAll('"', ''));
    const invoice = fields[numberColumn]?.trim() || undefined;
    if (record.kind === 'unreadable')
      return { invoice, content: { line: record.line, reason: record.reason } };
    const named = Object.fromEntries(columns.map(([name, at]) => [name, fields[at]?.trim()]));
    const result = row.safeParse(named);
    if (result.success) return { invoice, content: { line: record.line, ...result.data } };
    return { invoice, content: { line: record.line, reason: describeFault(result.error, named) } };
  };
}

function describeFault(error: z.ZodError, named: Readonly<Record<string, string | undefined>>): string {
  const issue = error.issues[0]!;
  const column = String(issue.path[0]);
  return `${column} '${named[column]?.slice(0, 50)}': ${issue.message}`;
}

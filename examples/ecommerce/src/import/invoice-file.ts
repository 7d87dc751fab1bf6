import { type FileHandle, open } from 'node:fs/promises';
import { type CsvRecord, readRecords } from './csv-records.js';
import {
  type InvoiceLine,
  invoiceLineReader,
  isFault,
  type LineFault,
  NotAnInvoiceFileError,
  type ReadLine,
} from './invoice-line.js';

/** All that a file says about one invoice. */
export interface Invoice {
  /** `undefined` for a line of which not even the number can be read. */
  readonly number: string | undefined;
  readonly lines: readonly InvoiceLine[];
  readonly faults: readonly LineFault[];
}

export interface InvoiceFile {
  /** How many invoices `invoices()` gives. */
  readonly count: number;
  /** Each invoice once, with all its lines, as soon as the last of them is read. */
  invoices(): AsyncGenerator<Invoice>;
}

/**
 * Opens an invoice file. It is read twice, a line at a time: first for where each invoice ends, since its lines
 * need not stand together; so that however long it is, only invoices that are not complete are held in memory.
 * @throws NotAnInvoiceFileError, or the system's own error when the file cannot be read.
 */
export async function openInvoiceFile(path: string): Promise<InvoiceFile> {
  const lastLines = new Map<string, number>();
  let unnumbered = 0;
  for await (const { invoice, content } of readLines(path)) {
    if (invoice === undefined) unnumbered += 1;
    else lastLines.set(invoice, content.line);
  }
  return { count: lastLines.size + unnumbered, invoices: () => readInvoices(path, lastLines) };
}

async function* readInvoices(path: string, lastLines: ReadonlyMap<string, number>): AsyncGenerator<Invoice> {
  const open = new Map<string, (InvoiceLine | LineFault)[]>();
  for await (const { invoice, content } of readLines(path)) {
    if (invoice === undefined) {
      yield invoiceOf(undefined, [content]);
      continue;
    }
    const contents = open.get(invoice) ?? [];
    contents.push(content);
    if (content.line === lastLines.get(invoice)) {
      open.delete(invoice);
      yield invoiceOf(invoice, contents);
    } else open.set(invoice, contents);
  }
}

function invoiceOf(number: string | undefined, contents: readonly (InvoiceLine | LineFault)[]): Invoice {
  return {
    number,
    lines: contents.filter((content): content is InvoiceLine => !isFault(content)),
    faults: contents.filter(isFault),
  };
}

async function* readLines(path: string): AsyncGenerator<ReadLine> {
  const file = await openRegular(path);
  try {
    let read: ((record: CsvRecord) => ReadLine) | undefined;
    for await (const record of readRecords(file.readLines({ autoClose: false }))) {
      if (read === undefined) read = invoiceLineReader(record);
      else yield read(record);
    }
    if (read === undefined) throw new NotAnInvoiceFileError('It is empty.');
  } finally {
    await file.close();
  }
}

async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new NotAnInvoiceFileError('It is not a regular file, which could be read twice.');
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Invoice, openInvoiceFile } from './invoice-file.js';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const lineOf = (invoice: string, rest = '71053,LANTERN,6,2010-12-01T08:26:00Z,3.39,17850,United Kingdom') =>
  `${invoice},${rest}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-invoices-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function invoicesOf(...lines: string[]): Promise<{ count: number; invoices: Invoice[] }> {
  const path = join(folder, 'invoices.csv');
  await writeFile(path, `${lines.join('\r\n')}\r\n`);
  const file = await openInvoiceFile(path);
  const invoices: Invoice[] = [];
  for await (const invoice of file.invoices()) invoices.push(invoice);
  return { count: file.count, invoices };
}

describe('an invoice file', () => {
  it('gives each invoice with its lines', async () => {
    const { count, invoices } = await invoicesOf(header, lineOf('1'), lineOf('1'), lineOf('2'));
    expect(count).toBe(2);
    expect(invoices.map(({ number, lines }) => [number, lines.length])).toEqual([
      ['1', 2],
      ['2', 1],
    ]);
    expect(invoices[0]?.lines[0]).toMatchObject({
      line: 2,
      StockCode: '71053',
      Quantity: 6,
      UnitPrice: '3.39',
    });
  });

  it('gives an invoice whose lines do not stand together once, with all of them', async () => {
    const { count, invoices } = await invoicesOf(header, lineOf('1'), lineOf('2'), lineOf('1'), lineOf('3'));
    expect(count).toBe(3);
    expect(invoices.map(({ number, lines }) => [number, lines.map(({ line }) => line)])).toEqual([
      ['2', [3]],
      ['1', [2, 4]],
      ['3', [5]],
    ]);
  });

  it('finds its columns by their names', async () => {
    const { invoices } = await invoicesOf(
      'Country,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo,Extra',
      'France,12583,1.5,2010-12-01T08:45:00Z,-24,"ALARM, RED",22728,C536370,x',
    );
    expect(invoices[0]).toMatchObject({
      number: 'C536370',
      lines: [{ Country: 'France', Description: 'ALARM, RED' }],
    });
  });

  it.each([
    ['71053,LANTERN,six,2010-12-01T08:26:00Z,3.39,17850,France', "Quantity 'six': Must be a whole number"],
    ['71053,LANTERN,1.5,2010-12-01T08:26:00Z,3.39,17850,France', "Quantity '1.5': Must be a whole number"],
    [
      '71053,LANTERN,6,2010-12-01T08:26:00Z,3.3.9,17850,France',
      "UnitPrice '3.3.9': Must be a decimal number such as 2.55",
    ],
    [
      '71053,LANTERN,6,2010-12-01T08:26:00Z,,17850,France',
      "UnitPrice '': Must be a decimal number such as 2.55",
    ],
    ['71053,LANTERN,6,2010-13-01T08:26:00Z,3.39,17850,France', expect.stringContaining('InvoiceDate')],
    [',LANTERN,6,2010-12-01T08:26:00Z,3.39,17850,France', expect.stringContaining('StockCode')],
    ['71053,LANTERN,6,2010-12-01T08:26:00Z,3.39,17850,', expect.stringContaining('Country')],
    ['71053,LANTERN,6', 'it has 4 columns instead of 8'],
    ['71053,"LANTERN,6,2010-12-01T08:26:00Z,3.39,17850,France', 'a quote is not closed'],
  ])('tells the line that cannot be read: %s', async (rest, reason) => {
    const { invoices } = await invoicesOf(header, lineOf('1'), lineOf('1', rest), lineOf('1'), lineOf('2'));
    expect(invoices.map(({ number, lines, faults }) => [number, lines.length, faults])).toEqual([
      ['1', 2, [{ line: 3, reason }]],
      ['2', 1, []],
    ]);
  });

  it('tells a line of which not even the invoice can be read, and goes on', async () => {
    const { count, invoices } = await invoicesOf(header, lineOf(''), lineOf('2'));
    expect(count).toBe(2);
    expect(invoices.map(({ number, faults }) => [number, faults.length])).toEqual([
      [undefined, 1],
      ['2', 0],
    ]);
  });

  it('is refused as a whole when a column is missing or it is empty', async () => {
    await expect(invoicesOf(header.replace('UnitPrice', 'Price'))).rejects.toThrow('does not name UnitPrice');
    await expect(invoicesOf('')).rejects.toThrow('It is empty');
    await expect(openInvoiceFile(folder)).rejects.toThrow();
    await expect(openInvoiceFile(join(folder, 'missing.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

import { type JournalEntry } from '@diptych/core';
import { expect, test } from 'vitest';
import { allCaughtUp } from '../caught-up.js';
import { importInvoices } from '../import/import-invoices.js';
import type { Invoice } from '../import/invoice-file.js';
import { createShop } from '../shop.js';
import { memoryStorage } from '../storage/memory-storage.js';
import { takeSnapshot } from './operations-snapshot.js';
import { OperatorTools } from './operator-tools.js';

const customers = ['17850', '13047', '12583', ''];
const products = ['71053', '85123A', '22423', '84879', '21730'];

/** Invoices with one to four products each; some are returns, and some name no customer, so that they are refused. */
async function* invoices(count: number): AsyncGenerator<Invoice> {
  for (let index = 0; index < count; index += 1) {
    const isReturn = index % 9 === 0;
    const number = `${isReturn ? 'C' : ''}${536_365 + index}`;
    const lines = products.slice(0, 1 + (index % 4)).map((StockCode, line) => ({
      line: line + 2,
      InvoiceNo: number,
      StockCode,
      Description: `PRODUCT ${StockCode}`,
      Quantity: (isReturn ? -1 : 1) * (1 + (index % 5)),
      InvoiceDate: '2010-12-01T08:26:00Z',
      UnitPrice: '3.39',
      CustomerID: customers[index % customers.length] ?? '',
      Country: 'France',
    }));
    yield { number, lines, faults: [] };
  }
}

test('after an import the totals of the operations page are those of the journal', async () => {
  const tools = new OperatorTools();
  const storage = memoryStorage();
  const shop = await createShop({ storage, tools });
  await shop.start();
  const imported = await importInvoices(invoices(120), shop.commands, {
    now: () => performance.now(),
    pause: async () => {},
  });
  await allCaughtUp(shop);

  const limits = { maxEvents: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };
  const { entries } = await storage.database.reader.readAll(undefined, limits);
  const { journal, messages } = await takeSnapshot({ app: shop, tools });
  expect(journal.entries).toBe(entries.length);
  expect(totalsOf(messages, 'journal event')).toEqual(countsOf(entries, 'event'));
  expect(totalsOf(messages, 'journal command')).toEqual(countsOf(entries, 'command'));

  // Each order, each return, and each movement of stock that they caused was one command.
  const { accepted, returned, rejected } = imported;
  expect(Object.keys(rejected)).toEqual(['no-customer']);
  const handled = totalsOf(messages, 'command');
  expect(handled).toMatchObject({
    'shop.PlaceOrder': accepted,
    'shop.ReturnGoods': returned,
    'shop.MoveStock': countsOf(entries, 'command')['shop.MoveStock'],
  });
  const refused = messages.filter(({ kind }) => kind === 'command');
  expect(refused.reduce((sum, one) => sum + one.refused, 0)).toBe(rejected['no-customer']);
  await shop.stop();
});

function totalsOf(
  messages: readonly { readonly kind: string; readonly name: string; readonly ok: number }[],
  wanted: string,
): Record<string, number> {
  return Object.fromEntries(messages.filter(({ kind }) => kind === wanted).map(({ name, ok }) => [name, ok]));
}

function countsOf(entries: readonly JournalEntry[], wanted: JournalEntry['kind']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, name } of entries) {
    if (kind === wanted) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

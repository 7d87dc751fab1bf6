import { setImmediate as turn } from 'node:timers/promises';
import { type CommandBus, DiptychError, RefusedError } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { PlaceOrder } from '../place-order/place-order.js';
import { ReturnGoods } from '../return-goods/return-goods.js';
import { importInvoices } from './import-invoices.js';
import type { InvoiceOutcome } from './import-summary.js';
import type { Invoice } from './invoice-file.js';

type Dispatch = CommandBus['dispatch'];

/** A bus that keeps what it is given, and answers as told. */
function bus(answer: (id: string) => unknown = () => ({})) {
  const sent: { readonly command: object; readonly id: string }[] = [];
  const dispatch = (async (command: object, options: { id: string }) => {
    sent.push({ command, id: options.id });
    return answer(options.id);
  }) as unknown as Dispatch;
  return { sent, dispatch };
}

const line = {
  line: 2,
  InvoiceNo: '1',
  StockCode: '71053',
  Description: 'LANTERN',
  Quantity: 6,
  InvoiceDate: '2010-12-01T08:26:00Z',
  UnitPrice: '3.39',
  CustomerID: '17850',
  Country: 'France',
};
const invoice = (number: string, changes: object = {}): Invoice => ({
  number,
  lines: [{ ...line, ...changes }],
  faults: [],
});

async function run(invoices: readonly Invoice[], commands: { dispatch: Dispatch }, concurrency = 16) {
  async function* all() {
    yield* invoices;
  }
  const outcomes: InvoiceOutcome[] = [];
  const pauses: number[] = [];
  let time = 0;
  const summary = await importInvoices(all(), commands, {
    concurrency,
    onOutcome: (outcome) => outcomes.push(outcome),
    now: () => (time += 750),
    pause: async (delayInMs) => pauses.push(delayInMs),
  });
  return { summary, outcomes, pauses };
}

describe('importing invoices', () => {
  it('makes each invoice one command, under its number', async () => {
    const commands = bus();
    const { summary } = await run([invoice('536365'), invoice('C536379', { Quantity: -1 })], commands);
    expect(commands.sent.map(({ id }) => id)).toEqual(['536365', 'C536379']);
    expect(commands.sent[0]?.command).toBeInstanceOf(PlaceOrder);
    expect(commands.sent[0]?.command).toMatchObject({
      customerId: '17850',
      country: 'France',
      placedAt: '2010-12-01T08:26:00Z',
      lines: [{ productCode: '71053', description: 'LANTERN', quantity: 6, price: '3.39' }],
    });
    expect(commands.sent[1]?.command).toBeInstanceOf(ReturnGoods);
    expect(summary).toEqual({ accepted: 1, rejected: {}, returned: 1, seconds: 0.75 });
  });

  it('counts refusals by their code, and goes on', async () => {
    const codes: Record<string, string> = { 1: 'price', 2: 'no-customer', 3: 'price' };
    const commands = bus((id) => {
      if (codes[id] !== undefined) throw new RefusedError(codes[id], 'No.');
    });
    const { summary, outcomes } = await run(
      ['1', '2', '3', '4'].map((number) => invoice(number)),
      commands,
    );
    expect(summary).toMatchObject({ accepted: 1, rejected: { 'no-customer': 1, price: 2 } });
    expect(outcomes).toContainEqual({ kind: 'rejected', reason: 'price', message: 'No.', invoice: '3' });
  });

  it('rejects an invoice with a line that cannot be read, by that line, and goes on', async () => {
    const commands = bus();
    const broken: Invoice = { ...invoice('1'), faults: [{ line: 7, reason: 'a quote is not closed' }] };
    const { summary, outcomes } = await run([broken, invoice('2')], commands);
    expect(commands.sent.map(({ id }) => id)).toEqual(['2']);
    expect(summary).toMatchObject({ accepted: 1, rejected: { 'unreadable-line': 1 } });
    expect(outcomes).toContainEqual(
      expect.objectContaining({ invoice: '1', message: 'line 7: a quote is not closed' }),
    );
  });

  it('rejects an invoice whose lines name two customers or countries', async () => {
    const commands = bus();
    const other = (changes: object): Invoice => ({
      ...invoice('1'),
      lines: [line, { ...line, line: 3, ...changes }],
    });
    const { outcomes } = await run([other({ CustomerID: '12583' }), other({ Country: 'Spain' })], commands);
    expect(commands.sent).toEqual([]);
    expect(outcomes).toMatchObject([
      { message: "line 3: CustomerID '12583' differs from that of line 2" },
      { message: "line 3: Country 'Spain' differs from that of line 2" },
    ]);
  });

  it('takes an invoice with a line that has no customer for one without', async () => {
    const commands = bus();
    await run([{ ...invoice('1'), lines: [line, { ...line, CustomerID: '' }] }], commands);
    expect(commands.sent[0]?.command).toMatchObject({ customerId: '' });
  });

  it('runs a bounded number of commands at the same time', async () => {
    let running = 0;
    let most = 0;
    const commands = bus(async () => {
      most = Math.max(most, ++running);
      await turn();
      running -= 1;
    });
    await run(
      Array.from({ length: 50 }, (_, index) => invoice(String(index))),
      commands,
      4,
    );
    expect(most).toBe(4);
  });

  const down = new DiptychError({
    code: 'unavailable',
    message: 'Down.',
    origin: 'infrastructure',
    retryable: true,
  });

  it('sends a command again, under the same id, when the store was down for a moment', async () => {
    let failures = 2;
    const commands = bus(() => {
      if (failures-- > 0) throw down;
    });
    const { summary, pauses } = await run([invoice('1')], commands);
    expect(commands.sent.map(({ id }) => id)).toEqual(['1', '1', '1']);
    expect(pauses).toEqual([100, 500]);
    expect(summary).toMatchObject({ accepted: 1, rejected: {} });
  });

  it('stops when the store stays down, which is no invoice’s fault', async () => {
    const commands = bus(() => {
      throw down;
    });
    await expect(run([invoice('1')], commands)).rejects.toBe(down);
  });
});

import type { App, DispatchOptions } from '@diptych/core';
import type { SqliteDatabase } from '@diptych/sqlite-adapters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CancelOrder } from '../../cancel-order/cancel-order.js';
import { offerBuiltInProducts } from '../../catalogue/built-in-products.js';
import { PayOrder } from '../../pay-order/pay-order.js';
import { PlaceOrder } from '../../place-order/place-order.js';
import { ReturnGoods } from '../../return-goods/return-goods.js';
import { ShipOrder } from '../../ship-order/ship-order.js';
import { storages, testShop } from '../../testing/storages.js';
import type { Finding } from '../finding.js';
import type { SentCommand } from '../sent-command.js';
import { asking } from './asking.js';
import type { Ask } from './expectation.js';
import { judgeJournal } from './judge-journal.js';
import { judgeReadModels } from './judge-read-models.js';
import type { EventRow, JournalRow, OrderRow } from './rows.js';
import { readSqlite } from './sqlite-rows.js';

const customerId = '17850';
const customer = { subject: { id: customerId, roles: ['customer'] } };
const operator = { subject: { id: 'jo', roles: ['operator'] } };
const lantern = { productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' };
const holder = { productCode: '85123A', description: 'Holder', quantity: 2, price: '2.55' };
const order = { customerId, country: 'France', lines: [lantern, holder] };

/** What is left of a shop in which all went well. */
interface Left {
  readonly journal: readonly JournalRow[];
  readonly orders: readonly OrderRow[];
  readonly sent: readonly SentCommand[];
}

let left: Left;
let ask: Ask;
let stop: () => Promise<void>;

beforeAll(async () => {
  const shop = await testShop(storages.find(({ name }) => name === 'sqlite')!.open);
  stop = () => shop.stop();
  await offerBuiltInProducts(shop.commands);
  const sent: SentCommand[] = [];
  const send = async (
    command: Parameters<App['commands']['dispatch']>[0],
    as: DispatchOptions = customer,
  ) => {
    const { messageId, result } = await shop.commands.dispatch(command, as);
    const { name } = command.constructor;
    sent.push({ name, key: messageId, customerId, outcome: { kind: 'done', messageId, result } });
    return { orderId: (result as { readonly orderId: string }).orderId };
  };
  const kept = await send(new PlaceOrder(order));
  await send(new PayOrder(kept));
  await send(new ShipOrder(kept), operator);
  await send(new ReturnGoods({ ...order, ...kept, lines: [{ ...lantern, quantity: -1 }] }));
  const calledOff = await send(new PlaceOrder({ ...order, country: 'Germany' }));
  await send(new CancelOrder({ ...calledOff, reason: 'too late' }));
  await shop.settled();
  left = { ...readSqlite((shop.database as SqliteDatabase).rows), sent };
  ask = asking(shop.app);
});
afterAll(() => stop());

const isEvent = (name: string) => (row: JournalRow) => row.kind === 'event' && row.name === name;
const moved = isEvent('shop.StockMoved');
const isMove = (row: JournalRow) => row.kind === 'command';

/** The journal without the last one of these. */
function without(journal: readonly JournalRow[], which: (row: JournalRow) => boolean): readonly JournalRow[] {
  const at = journal.findLastIndex(which);
  return journal.toSpliced(at, 1);
}

/** The journal with the last one of these once more, as if it had happened again. */
function again(
  journal: readonly JournalRow[],
  which: (row: JournalRow) => boolean,
  changes: Partial<Pick<EventRow, 'id'>> = { id: 'again' },
): readonly JournalRow[] {
  return [...journal, { ...journal.findLast(which)!, ...changes } as JournalRow];
}

type Damage = readonly [what: string, kind: Finding['kind'], told: RegExp, damage: (left: Left) => Left];

const damages: readonly Damage[] = [
  [
    'an answered command without its event',
    'lost',
    /PayOrder .* has no event/,
    ({ journal, ...rest }) => ({ ...rest, journal: without(journal, isEvent('shop.OrderPaid')) }),
  ],
  [
    'a command that ran twice',
    'duplicated',
    /CancelOrder .* has 2 events/,
    ({ journal, ...rest }) => ({ ...rest, journal: again(journal, isEvent('shop.OrderCancelled')) }),
  ],
  [
    'an event that nobody asked for',
    'duplicated',
    /comes from no command/,
    ({ sent, ...rest }) => ({ ...rest, sent: sent.slice(1) }),
  ],
  [
    'a message that is in the journal twice',
    'duplicated',
    /is 2 times in the journal/,
    ({ journal, ...rest }) => ({ ...rest, journal: again(journal, isMove, {}) }),
  ],
  [
    'an order that has not moved the stock',
    'lost',
    /has not moved the stock/,
    ({ journal, ...rest }) => ({ ...rest, journal: without(journal, isMove) }),
  ],
  [
    'an order that has moved the stock twice',
    'duplicated',
    /moves the stock of \w+ 2 times/,
    ({ journal, ...rest }) => ({ ...rest, journal: again(journal, isMove) }),
  ],
  [
    'a stock command without effect',
    'lost',
    /has moved nothing/,
    ({ journal, ...rest }) => ({ ...rest, journal: without(journal, moved) }),
  ],
  [
    'a stock command with two effects',
    'duplicated',
    /ran 2 times/,
    ({ journal, ...rest }) => ({ ...rest, journal: again(journal, moved) }),
  ],
  [
    'a ledger that has miscounted',
    'lost',
    /and must say/,
    ({ journal, ...rest }) => ({
      ...rest,
      journal: journal.map((row) => (moved(row) ? { ...row, data: { ...row.data, onHand: 99 } } : row)),
    }),
  ],
  [
    'an order without rows',
    'lost',
    /has no rows/,
    ({ orders, ...rest }) => ({ ...rest, orders: orders.slice(1) }),
  ],
  [
    'rows that are behind their events',
    'lost',
    /in its rows, and/,
    ({ orders, ...rest }) => ({
      ...rest,
      orders: orders.map((row) => ({ ...row, version: row.version - 1 })),
    }),
  ],
  [
    'rows that are ahead of their events',
    'duplicated',
    /in its rows, and/,
    ({ orders, ...rest }) => ({
      ...rest,
      orders: orders.map((row) => ({ ...row, version: row.version + 1 })),
    }),
  ],
  [
    'rows of an order that was never placed',
    'lost',
    /has rows, and no event/,
    ({ orders, ...rest }) => ({ ...rest, orders: [...orders, { ...orders[0]!, orderId: 'unknown' }] }),
  ],
];

describe('the judge of a journal and its rows', () => {
  test('has nothing against a shop in which all went well', () => {
    expect(left.journal.length).toBeGreaterThan(20);
    expect(judgeJournal(left.journal, left.orders, left.sent)).toEqual([]);
  });

  test.each(damages)('finds %s', (_what, kind, told, damage) => {
    const { journal, orders, sent } = damage(left);
    expect(judgeJournal(journal, orders, sent)).toContainEqual({ kind, what: expect.stringMatching(told) });
  });
});

describe('the judge of read models', () => {
  test('has nothing against those of a shop in which all went well', async () => {
    const { findings, compared } = await judgeReadModels(left.journal, ask);
    expect(findings).toEqual([]);
    expect(compared).toBeGreaterThan(8);
  });

  const queries = [
    'OrderDetails',
    'OrderTimeline',
    'OrdersByStatus',
    'OrdersByCustomer',
    'Customer',
    'SalesByCountry',
    'StockLevels',
    'SearchProducts',
  ];

  test.each(queries)('finds out when %s lacks an event', async (query) => {
    // Whoever folds the journal with one more payment and one more order expects more than the shop answers.
    const placed = left.journal.find(isEvent('shop.OrderPlaced')) as EventRow;
    const more: EventRow = {
      ...placed,
      stream: 'order-unseen',
      id: 'unseen',
      data: { ...placed.data, orderId: 'unseen' },
    };
    const move = left.journal.findLast(moved) as EventRow;
    const journal = [
      ...left.journal,
      more,
      { ...move, id: 'unseen-move', version: move.version + 1, data: { ...move.data, onHand: -50 } },
    ];
    const onlyThat: Ask = (name, parameters) =>
      name === `shop.${query}` ? ask(name, parameters) : Promise.reject(new Error('not asked here'));
    const { findings } = await judgeReadModels(journal, onlyThat);
    const told = findings.filter(({ what }) => !what.includes('not asked here'));
    expect(told).not.toEqual([]);
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['lost']));
  });

  test('finds out when a read model counts an event twice', async () => {
    const { journal } = left;
    const first = journal.find(isEvent('shop.OrderPlaced')) as EventRow;
    const { findings } = await judgeReadModels(
      journal.filter((row) => row.kind !== 'event' || row.stream !== first.stream),
      ask,
    );
    expect(findings.filter(({ kind }) => kind === 'duplicated').map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the sales by country'),
        expect.stringContaining(`customer ${customerId}`),
      ]),
    );
  });

  test('finds a document that is missing', async () => {
    const { findings } = await judgeReadModels(left.journal, async (name, parameters) =>
      name === 'shop.OrderDetails' ? null : ask(name, parameters),
    );
    expect(findings).toContainEqual({ kind: 'lost', what: expect.stringMatching(/^order .* is missing$/) });
  });
});

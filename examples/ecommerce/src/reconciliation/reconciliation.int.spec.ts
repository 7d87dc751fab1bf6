import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ResultOf } from '@diptych/core';
import { contractNotRun, describeContract } from '@diptych/testing/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { namedBrokers } from '../brokers/named-brokers.js';
import type { ShopBrokers } from '../brokers/shop-brokers.js';
import { SearchProducts } from '../catalogue/search-products.js';
import { allCaughtUp } from '../caught-up.js';
import type { ImportSummary } from '../import/import-summary.js';
import { openForReplay, replay } from '../import/replay-file.js';
import { OrderDetails } from '../order-details/order-details.js';
import { OrdersByCustomer } from '../orders-by-customer/orders-by-customer.js';
import { namedReadModels } from '../read-models/named-read-models.js';
import type { ShopReadModels } from '../read-models/shop-read-models.js';
import { SalesByCountry } from '../sales/sales-by-country.js';
import { createShop, type Shop } from '../shop.js';
import { type ShopOptions, shopOptions } from '../shop-options.js';
import { StockLevels } from '../stock/stock-levels.js';
import type { ShopStorage } from '../storage/shop-storage.js';
import { storages } from '../testing/storages.js';
import { type Figures, figuresFromCsv, unitsOf } from './figures-from-csv.js';

const sample = fileURLToPath(new URL('../../../../../shared/data/online-retail-10k.csv', import.meta.url));
const path = process.env.DIPTYCH_INVOICES ?? sample;

const local = shopOptions([], {});

interface Place {
  readonly name: string;
  readonly open: (typeof storages)[number]['open'];
  readonly options?: Partial<ShopOptions>;
}

// Over a broker each event is sent, received and settled many times: that takes a minute.
const emulated: readonly Place[] = (['service-bus', 'event-grid'] as const).map((events) => ({
  name: `sqlite, emulated, ${events}`,
  open: storages.find(({ name }) => name === 'sqlite')!.open,
  options: { profile: 'emulated', events },
}));
const isLong = process.env.DIPTYCH_LONG === '1';

for (const { name, open, options } of [...(storages as readonly Place[]), ...(isLong ? emulated : [])]) {
  const suite = { port: 'invoice import', adapter: name };
  if (!existsSync(path)) contractNotRun(suite, `no invoice file at ${path}; name one by DIPTYCH_INVOICES`);
  else describeContract(suite, () => reconcile(open, options));
}

function reconcile(open: Place['open'], named: Place['options'] = {}): void {
  const operator = { subject: { id: 'checker', roles: ['operator'] } };
  let storage: ShopStorage;
  let brokers: ShopBrokers;
  let readModels: ShopReadModels;
  let shop: Shop;
  let summary: ImportSummary;
  let expected: ReturnType<typeof figuresFromCsv>;

  const importAll = async () => {
    const file = await openForReplay(path);
    const imported = await replay(file, shop.commands, { write: () => true }, new AbortController().signal);
    await allCaughtUp(shop);
    return imported;
  };

  beforeAll(async () => {
    expected = figuresFromCsv(await readFile(path, 'utf8'));
    storage = await open();
    const options = { ...local, ...named };
    brokers = await namedBrokers(options, () => {});
    readModels = await namedReadModels(options, storage, () => {});
    shop = await createShop({ storage, brokers, readModels });
    await shop.start();
    summary = await importAll();
  }, 300_000);
  afterAll(async () => {
    await shop?.stop();
    await brokers?.close();
    await readModels?.close();
    await storage?.close();
  });

  it('accepts, rejects and takes back as many invoices as the file has', () => {
    const { accepted, rejected, returned } = expected;
    expect(summary).toMatchObject({ accepted, rejected, returned });
  });

  it('has the figures of the file for every country, and no other country', async () => {
    const rows = await shop.queries.execute(new SalesByCountry());
    expect(new Map(rows.map(({ country, ...sales }) => [country, inUnits(sales)]))).toEqual(
      expected.byCountry,
    );
  });

  it('has the figures of the file for every customer', async () => {
    for (const [customerId, figures] of expected.byCustomer) {
      const { sales } = await shop.queries.execute(new OrdersByCustomer({ customerId }), operator);
      expect(inUnits(sales), customerId).toEqual(figures);
    }
  });

  it('lists orders and returns of every customer that add up to the same', async () => {
    for (const [customerId, figures] of expected.byCustomer) {
      const placed = await totalsOf(customerId, 'placed');
      const returned = await totalsOf(customerId, 'returned');
      const listed = { orders: BigInt(placed.length), gross: sum(placed), returned: sum(returned) };
      expect(listed, customerId).toEqual(figures);
    }
  });

  it('shows the details of every order, which add up to the same, and finds what stands on them', async () => {
    const codes = new Set<string>();
    for (const [customerId, { gross }] of expected.byCustomer) {
      const placed = await ordersOf(customerId, 'placed');
      const details = await Promise.all(
        placed.map(({ orderId }) => shop.queries.execute(new OrderDetails({ orderId }), operator)),
      );
      expect(sum(details.map((order) => unitsOf(order!.total))), customerId).toEqual(gross);
      for (const { productCode } of details.flatMap((order) => order!.lines)) codes.add(productCode);
    }
    for (const productCode of [...codes].filter((code, index) => code.length > 4 && index % 40 === 0)) {
      const { products } = await shop.queries.execute(new SearchProducts({ text: productCode }));
      expect(products.map((product) => product.productCode)).toContain(productCode);
    }
  }, 60_000);

  it('promise 3: has moved the stock of every product once for each of its orders and returns', async () => {
    expect(await stock()).toEqual(expected.stock);
  });

  it('promise 4: importing the file again changes nothing', async () => {
    const before = await everything();
    const { accepted, rejected, returned } = summary;
    expect(await importAll()).toMatchObject({ accepted, rejected, returned });
    expect(await everything()).toEqual(before);
  }, 120_000);

  async function totalsOf(customerId: string, status: 'placed' | 'returned'): Promise<readonly bigint[]> {
    return (await ordersOf(customerId, status)).map(({ total }) => unitsOf(total));
  }

  async function ordersOf(customerId: string, status: 'placed' | 'returned') {
    const orders: ResultOf<OrdersByCustomer>['orders'][number][] = [];
    let after: string | undefined;
    do {
      const query = new OrdersByCustomer({
        customerId,
        status,
        limit: 7,
        ...(after === undefined ? {} : { after }),
      });
      const page = await shop.queries.execute(query, operator);
      orders.push(...page.orders);
      after = page.next;
    } while (after !== undefined);
    return orders;
  }

  async function stock(): Promise<ReadonlyMap<string, bigint>> {
    const levels = new Map<string, bigint>();
    let after: string | undefined;
    do {
      const page = await shop.queries.execute(new StockLevels(after === undefined ? {} : { after }));
      for (const { productCode, onHand } of page.levels) levels.set(productCode, BigInt(onHand));
      after = page.next;
    } while (after !== undefined);
    return levels;
  }

  async function everything() {
    return [await shop.queries.execute(new SalesByCountry()), await stock()];
  }
}

interface Sales {
  readonly orders: number;
  readonly gross: string;
  readonly returned: string;
  readonly net: string;
}

/** The figures as the check has them; `net` must agree with the others. */
function inUnits({ orders, gross, returned, net }: Sales): Figures {
  expect(unitsOf(net)).toBe(unitsOf(gross) - unitsOf(returned));
  return { orders: BigInt(orders), gross: unitsOf(gross), returned: unitsOf(returned) };
}

function sum(units: readonly bigint[]): bigint {
  return units.reduce((left, right) => left + right, 0n);
}

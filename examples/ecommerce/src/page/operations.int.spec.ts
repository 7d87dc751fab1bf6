import { contractNotRun, describeContract } from '@diptych/testing/contracts';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { importInvoices } from '../import/import-invoices.js';
import type { ImportSummary } from '../import/import-summary.js';
import type { Invoice } from '../import/invoice-file.js';
import { OrdersByCustomer } from '../orders-by-customer/orders-by-customer.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { chromiumPath, launchChromium } from '../testing/chromium.js';
import { expectNoSidewaysScrolling, faultsByAxe } from '../testing/looked-at.js';
import { type ServedShop, serveShop } from '../testing/served-shop.js';
import type { OperatorAction } from './browser/operations/snapshot.js';

const suite = { port: 'operations page', adapter: 'Chromium' };
const path = chromiumPath();
if (path === undefined) contractNotRun(suite, 'no Chromium; name one by CHROMIUM_PATH');
else describeContract(suite, () => operationsPage(path));

// A machine that does much else at the time is slow to draw.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const operator = { subject: { id: 'operator', roles: ['operator'] } };
const order = {
  customerId: '17850',
  country: 'France',
  lines: [{ productCode: '71053', description: 'White metal lantern', quantity: 6, price: '3.39' }],
};

async function* invoices(first: number, count: number): AsyncGenerator<Invoice> {
  for (let index = 0; index < count; index += 1) {
    const number = String(first + index);
    const line = { line: 2, InvoiceNo: number, Description: 'WHITE METAL LANTERN', Quantity: 6 };
    const rest = { InvoiceDate: '2010-12-01T08:26:00Z', UnitPrice: '3.39', CustomerID: '13047' };
    yield { number, lines: [{ ...line, ...rest, StockCode: '71053', Country: 'France' }], faults: [] };
  }
}

function operationsPage(executablePath: string): void {
  let browser: Browser;
  let served: ServedShop;
  let watching: Page;
  /** The one that a test looks at: the operator's that is open all the time, or one of its own. */
  let page: Page;
  let own: BrowserContext | undefined;
  const faults: string[] = [];

  beforeAll(async () => {
    [browser, served] = await Promise.all([launchChromium(executablePath), serveShop()]);
    watching = await open({}, 'operator');
    own = undefined;
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    expect(served?.failures).toEqual([]);
  });
  beforeEach(() => {
    page = watching;
  });
  afterEach(async () => {
    await own?.close();
    own = undefined;
    await restore();
    expect(faults.splice(0)).toEqual([]);
  });

  async function open(options: Parameters<Browser['newContext']>[0], identity: string): Promise<Page> {
    own = await browser.newContext({ ...options, locale: 'en-GB' });
    own.setDefaultTimeout(30_000);
    await own.addInitScript(
      `if (!sessionStorage.getItem('identity')) sessionStorage.setItem('identity', '${identity}')`,
    );
    const opened = await own.newPage();
    opened.on('pageerror', (error) => faults.push(String(error)));
    opened.on('request', (request) => {
      if (!request.url().startsWith(`${served.url}/`) && !request.url().startsWith('data:'))
        faults.push(`request to ${request.url()}`);
    });
    await opened.goto(`${served.url}/operations`);
    return opened;
  }

  /** Leaves the shop to the next test as it was, whatever became of this one. */
  async function restore(): Promise<void> {
    const { subscriptions } = served.shop.operations;
    const act = (data: OperatorAction) =>
      watching.request.post(`${served.url}/operations/actions`, {
        headers: { 'Shop-Identity': 'operator' },
        data,
      });
    await act({ action: 'mend', projection: 'order-details' });
    await act({ action: 'cancel-rebuild', projection: 'order-details' });
    for (const subscription of subscriptions) {
      await act({ action: 'resume', subscription });
      await act({ action: 'delay', subscription, ms: 0 });
      await act({ action: 'retry-all', subscription });
    }
  }

  const placeOrder = () => served.shop.commands.execute(new PlaceOrder(order), operator);
  const importAll = (first: number, count: number): Promise<ImportSummary> =>
    importInvoices(invoices(first, count), served.shop.commands, {
      now: () => performance.now(),
      pause: async () => {},
    });
  const card = (name: string): Locator => page.getByRole('article', { name, exact: true });
  const total = (name: string): Locator => page.locator('#totals div', { hasText: name }).locator('dd');
  const shows = (place: Locator, text: string | RegExp) => place.filter({ hasText: text }).waitFor();

  it('shows a customer nothing, and the operator everything', async () => {
    page = await open({}, '17850');
    await shows(page.locator('#closed'), 'Only operators may see and do this.');
    expect(await page.locator('#open').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Act as operator' }).click();
    await card('order-details').waitFor();
    expect(await page.locator('#closed').isVisible()).toBe(false);
    await page.getByLabel('Acting as').fill('17850');
    await page.getByRole('button', { name: 'Switch' }).click();
    await shows(page.locator('#closed'), 'Only operators may see and do this.');
    expect(await page.locator('#open').isVisible()).toBe(false);
  });

  it('is reachable by keyboard, and keeps the focus while figures change', async () => {
    const pause = card('order-details').getByRole('button', { name: 'Pause' });
    await pause.focus();
    await page.keyboard.press('Enter');
    await shows(page.locator('#said'), 'order-details/v1 is paused.');
    await shows(card('order-details'), 'paused');
    await placeOrder();
    await shows(card('order-details'), /[1-9]\d* entr\w+ behind/);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Resume');
    await page.keyboard.press('Enter');
    await shows(card('order-details'), 'Nothing behind');
  });

  it('promise 7: a read model is made again while an import runs, and the old copy serves', async () => {
    const sales = async (options: object = operator) => {
      const asked = new OrdersByCustomer({ customerId: '13047' });
      return (await served.shop.queries.execute(asked, { ...operator, ...options })).sales.orders;
    };
    const importing = importAll(536_365, 200);
    const rebuild = card('customer-sales').getByRole('button', { name: 'Rebuild: customer-sales' });
    await rebuild.click();
    await page.getByRole('progressbar', { name: 'Rebuild of customer-sales' }).waitFor();
    await shows(card('customer-sales'), 'the old copy serves meanwhile');
    expect(await sales()).toBeGreaterThan(0);

    expect((await importing).accepted).toBe(200);
    await shows(card('customer-sales').locator('.subscription-name'), 'customer-sales/v1/g2 serving');
    await rebuild.waitFor();
    const last = new PlaceOrder({ ...order, customerId: '13047' });
    const { consistency } = await served.shop.commands.dispatch(last, operator);
    expect(await sales({ after: consistency })).toBe(201);
  });

  it('promise 7: a rebuild that waits for an operator is given up', async () => {
    await placeOrder();
    await shows(total('Events committed'), /[1-9]/);
    await shows(card('order-details'), 'up to date');
    await card('order-details').getByRole('button', { name: 'Break it' }).click();
    await card('order-details').getByRole('button', { name: 'Rebuild' }).click();
    await shows(
      card('order-details'),
      /It waits for \d+ parked messages? that the serving copy does not have\./,
    );
    await card('order-details').getByRole('button', { name: 'Cancel the rebuild' }).click();
    await shows(page.locator('#said'), 'The rebuild of order-details is given up.');
    await card('order-details').getByRole('button', { name: 'Rebuild: order-details' }).waitFor();
  });

  it('promise 6: a broken projection parks its messages; mended and retried, they are gone', async () => {
    await card('order-details').getByRole('button', { name: 'Break it' }).click();
    await shows(page.locator('#said'), 'order-details fails from now on');
    const { orderId } = await placeOrder();
    const parked = page.getByRole('listitem').filter({ hasText: orderId });
    await shows(parked, "An operator has broken 'order-details'. (broken-by-switch, 1 attempt)");
    await shows(card('order-details'), 'broken');
    await shows(card('customer-sales'), 'up to date');

    await card('order-details').getByRole('button', { name: 'Mend it' }).click();
    await parked.getByRole('button', { name: /^Retry/ }).click();
    await parked.waitFor({ state: 'detached' });
    await shows(card('order-details'), 'up to date');
    expect(await page.locator('#parked-none').isVisible()).toBe(true);
    // The button that had the focus is gone; the focus is not lost with it.
    expect(await page.evaluate('document.activeElement.id')).toBe('parked-heading');
  });

  it('promise 6: what nobody wants any more is discarded, once that is confirmed', async () => {
    await card('order-details').getByRole('button', { name: 'Break it' }).click();
    await shows(page.locator('#said'), 'order-details fails from now on');
    const { orderId } = await placeOrder();
    const parked = page.getByRole('listitem').filter({ hasText: orderId });
    page.once('dialog', (dialog) => void dialog.dismiss());
    await parked.getByRole('button', { name: /^Discard/ }).click();
    page.once('dialog', (dialog) => void dialog.accept());
    await parked.getByRole('button', { name: /^Discard/ }).click();
    await parked.waitFor({ state: 'detached' });
  });

  it('a projection that is slowed down falls behind, for all to see, and catches up', async () => {
    await card('order-details').getByLabel('Slow down').selectOption('30000');
    await shows(page.locator('#said'), 'order-details/v1 holds entries back for 30 s.');
    await placeOrder();
    const behind = card('order-details').locator('.behind');
    await shows(behind, /behind, [1-9]/);
    const name = /^order-details\/v1 behind: oldest event .* at most [1-9]/;
    await card('order-details').getByRole('img', { name }).waitFor();
    await shows(card('order-details'), 'slowed down');
    await card('order-details').getByLabel('Slow down').selectOption('0');
    await shows(behind, 'Nothing behind');
  });

  it('shows partitions with their owner and epoch', async () => {
    const partitions = card('relay/shop').locator('details');
    await partitions.getByText('Partitions').click();
    await shows(partitions, '32 partitions, owned by one process.');
    expect(await partitions.locator('tbody tr').count()).toBe(32);
  });

  it('after an import its totals are the journal’s', async () => {
    await importAll(560_000, 30);
    const caughtUp = ['events/stock', 'commands', 'relay/shop'];
    for (const name of caughtUp) await shows(card(name), 'Nothing behind');
    const { entries } = await served.shop.operations.journal();
    await shows(total('Journal entries'), entries.toLocaleString('en-GB'));
    await shows(total('Commands sent on'), /[1-9]/);
    const figureOf = async (name: string) => Number((await total(name).textContent())?.replaceAll(',', ''));
    expect(await figureOf('Journal entries')).toBe(entries);
    expect((await figureOf('Events committed')) + (await figureOf('Commands sent on'))).toBe(entries);
  });

  it('draws the wiring from commands to queries, and gives it as Mermaid text', async () => {
    const wiring = page.getByRole('img', { name: /^The wiring of shop: \d+ commands/ });
    await wiring.waitFor();
    const names = await wiring.locator('.box-name').allTextContents();
    for (const name of ['shop.PlaceOrder', 'Journal', 'relay/shop', 'order-details', 'shop.OrdersByCustomer'])
      expect(names).toContain(name);
    await page.getByText('Pipelines').click();
    await shows(
      page.locator('#pipelines'),
      'authorization → time-out → idempotency → retry → unit of work → handler',
    );
    await page.getByText('As Mermaid text').click();
    await shows(page.locator('#mermaid'), 'flowchart LR');
  });

  it('goes on by itself after the connection broke', async () => {
    await card('order-details').waitFor();
    await page.context().setOffline(true);
    await page.evaluate('window.stop()');
    await shows(page.locator('#connection'), 'Not connected. Trying again…');
    await page.context().setOffline(false);
    await shows(page.locator('#connection'), 'Live');
  });

  it.each([
    ['a desktop in the light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
    ['a telephone in the dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
  ] as const)('axe-core finds nothing on %s, and nothing is too wide', async (_where, options) => {
    page = await open(options, 'operator');
    await card('order-details').getByRole('button', { name: 'Break it' }).click();
    await placeOrder();
    await page
      .getByRole('button', { name: /^Discard/ })
      .first()
      .waitFor();
    for (const name of ['By message', 'Pipelines', 'As Mermaid text']) await page.getByText(name).click();
    await card('relay/shop').getByText('Partitions').click();
    await shows(card('relay/shop').locator('details'), 'owned by one process');
    expect(await faultsByAxe(page)).toEqual([]);
    await expectNoSidewaysScrolling(page);
  });

  it('loads with less than 100 kB', async () => {
    let bytes = 0;
    own = await browser.newContext();
    const fresh = await own.newPage();
    const session = await own.newCDPSession(fresh);
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await fresh.goto(`${served.url}/operations`, { waitUntil: 'load' });
    await fresh.locator('#closed').waitFor();
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThan(100_000);
  });
}

import { contractNotRun, describeContract } from '@diptych/testing/contracts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { PayOrder } from '../pay-order/pay-order.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { ShipOrder } from '../ship-order/ship-order.js';
import { chromiumPath, launchChromium } from '../testing/chromium.js';
import { expectNoSidewaysScrolling, faultsByAxe, takePictures } from '../testing/looked-at.js';
import { type ServedShop, serveShop } from '../testing/served-shop.js';

const suite = { port: 'storefront', adapter: 'Chromium' };
const path = chromiumPath();
if (path === undefined) contractNotRun(suite, 'no Chromium; name one by CHROMIUM_PATH');
else describeContract(suite, () => storefront(path));

/** Generous, for machines that do much else. */
const timeoutInMs = 60_000;
const nameOfFocused = `(({ labels, ariaLabel, textContent }) =>
  ariaLabel ?? labels?.[0]?.firstChild.textContent ?? textContent)(document.activeElement)`;
const lantern = { productCode: '71053', description: 'White metal lantern', quantity: 6, price: '3.39' };
const operator = { subject: { id: 'operator', roles: ['operator'] } };

function storefront(executablePath: string): void {
  let browser: Browser;
  let served: ServedShop;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [browser, served] = await Promise.all([launchChromium(executablePath), serveShop()]);
  }, timeoutInMs);
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    expect(served?.failures).toEqual([]);
  }, timeoutInMs);
  beforeEach(async () => {
    faults = [];
    await begin({});
  });
  afterEach(async () => {
    letReadModelsLag(0);
    await context.close();
    expect(faults).toEqual([]);
  });

  async function begin(options: Parameters<Browser['newContext']>[0]): Promise<void> {
    await context?.close();
    context = await browser.newContext({ ...options, locale: 'en-GB' });
    context.setDefaultTimeout(30_000);
    page = await open('/');
  }

  /** A tab whose scripts must not fail, and in which nobody's markup may run. */
  async function open(address: string): Promise<Page> {
    const tab = await context.newPage();
    tab.on('pageerror', (error) => faults.push(String(error)));
    tab.on('dialog', (dialog) => faults.push(`dialog ${dialog.message()}`));
    tab.on('request', (request) => {
      if (!request.url().startsWith(`${served.url}/`) && !request.url().startsWith('data:'))
        faults.push(`request to ${request.url()}`);
    });
    await tab.goto(served.url + address);
    return tab;
  }

  /** An order as a customer has placed it, as far as it got. */
  async function order(status: 'placed' | 'paid' | 'shipped', changes: object = {}): Promise<string> {
    const asked = { customerId: '17850', country: 'France', lines: [lantern], ...changes };
    const { orderId } = await served.shop.commands.execute(new PlaceOrder(asked), operator);
    if (status !== 'placed') await served.shop.commands.execute(new PayOrder({ orderId }), operator);
    if (status === 'shipped') await served.shop.commands.execute(new ShipOrder({ orderId }), operator);
    return orderId;
  }

  function letReadModelsLag(milliseconds: number): void {
    const { operations } = served.shop;
    for (const name of operations.subscriptions.filter((name) => /^(order-|customer)/.test(name)))
      operations.control(name).delay(milliseconds);
  }

  async function addToBasket(name: string): Promise<void> {
    await page.getByLabel('Search by name or code').fill(name);
    await page.getByRole('button', { name: `Add ${name} to the basket` }).click();
  }

  const said = (tab: Page, text: string) => tab.locator('#said', { hasText: text }).waitFor();
  const status = (tab: Page, text: string) => tab.locator('#order-status', { hasText: text }).waitFor();

  const happened = () => page.locator('.timeline strong').allTextContents();

  async function actAs(who: string): Promise<void> {
    await page.getByLabel('Acting as').fill(who);
    await page.getByRole('button', { name: 'Switch' }).click();
  }

  const run = (name: string, work: () => Promise<void>) => it(name, work, timeoutInMs);

  run('promise 5: is ordered from by mouse, and shows the order, and its payment, at once', async () => {
    letReadModelsLag(400);
    await page.getByLabel('Search by name or code').fill('whi lant');
    await page.getByText('1 product for “whi lant”.').waitFor();
    await page.getByRole('button', { name: 'Add White metal lantern to the basket' }).click();
    await page.getByRole('textbox', { name: 'White metal lantern' }).fill('6');
    expect(await page.locator('#basket-total').textContent()).toBe('£20.34');
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page.getByRole('heading', { name: /^Order / }).waitFor();
    await status(page, 'placed');
    await page.getByRole('button', { name: 'Pay' }).click();
    await said(page, 'The order is paid.');
    await status(page, 'paid');
    expect(await happened()).toEqual(['Placed', 'Paid']);
  });

  run('is ordered from by keyboard alone', async () => {
    await tabTo('Search by name or code');
    await page.keyboard.type('cakestand');
    await page.getByText('1 product for “cakestand”.').waitFor();
    await tabTo('Add Regency cakestand, three tiers to the basket');
    await page.keyboard.press('Enter');
    await said(page, 'Regency cakestand, three tiers is in the basket.');
    await tabTo('Regency cakestand, three tiers');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2');
    await tabTo('Place order');
    await page.keyboard.press('Enter');
    await said(page, 'Your order is placed: £25.50.');
    // The focus is on the way onwards.
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Order / }).waitFor();
    await tabTo('Pay');
    await page.keyboard.press('Space');
    await said(page, 'The order is paid.');
  });

  /** Presses Tab until that is reached, as somebody without a mouse would. */
  async function tabTo(name: string): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const label = (await page.evaluate(nameOfFocused)) as string;
      if (label.trim() === name) return;
    }
    throw new Error(`No way to '${name}' by keyboard.`);
  }

  run(
    'promise 5: takes an order of “my orders” through its life, its status shown after each action',
    async () => {
      const orderId = await order('placed', { customerId: '12583' });
      await actAs('12583');
      await page.getByRole('link', { name: 'My orders' }).click();
      const card = page.locator(`[data-order="${orderId}"]`);
      await card.waitFor();
      letReadModelsLag(400);
      await card.getByRole('button', { name: /^Pay/ }).click();
      await card.locator('.status', { hasText: 'paid' }).waitFor();
      await actAs('operator');
      await card.getByRole('button', { name: /^Ship/ }).click();
      await said(page, 'is shipped.');
      await card.waitFor({ state: 'detached' });
      await actAs('12583');
      await card.locator('.status', { hasText: 'shipped' }).waitFor();
      await card.getByRole('link', { name: /^Return of/ }).click();
      await page.getByLabel('How many of White metal lantern come back').fill('7');
      await page.getByRole('button', { name: 'Return what is filled in' }).click();
      await page.locator('#return-fault-0', { hasText: 'Only 6 of them can still come back.' }).waitFor();
      await page.getByLabel('How many of White metal lantern come back').fill('6');
      await page.getByRole('button', { name: 'Return what is filled in' }).click();
      await said(page, 'The return is noted: £20.34 to be paid back.');
      await status(page, 'returned');
      expect(await happened()).toEqual(['Placed', 'Paid', 'Shipped', 'Goods returned']);
    },
  );

  run('shows each fault at its field, and takes the order once it is mended', async () => {
    await addToBasket('White metal lantern');
    const quantity = page.locator('#quantity-0');
    for (const [typed, shown] of [
      ['', 'Must be a whole number'],
      ['many', 'Must be a whole number'],
      ['1.5', 'Must be a whole number'],
      ['-3', 'A quantity must be above zero'],
      ['0', 'A quantity must be above zero'],
      ['99999999999999999999', 'Must be a whole number'],
      ['2000000000', 'Must be at most 1,000,000,000'],
      ['<b>6</b>', 'Must be a whole number'],
      ['٣', 'Must be a whole number'],
      ['6️⃣', 'Must be a whole number'],
    ] as const) {
      await quantity.fill(typed);
      await page.getByRole('button', { name: 'Place order' }).click();
      await page.locator('#fault-0', { hasText: shown }).waitFor();
      expect(await quantity.getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator('#quantity-0:focus').count()).toBe(1);
    }
    await quantity.fill('2');
    await page.getByLabel('Country to deliver to').fill('  ');
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.locator('#country-fault', { hasText: 'Must name a country' }).waitFor();
    expect(await page.locator('#fault-0').textContent()).toBe('');
    await page.getByLabel('Country to deliver to').fill('<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: 'Place order' }).click();
    await said(page, 'Your order is placed: £6.78.');
  });

  run('shows faults of what one does with an order at their fields', async () => {
    await page.goto(`${served.url}/order?id=${await order('placed')}`);
    await page.getByLabel('Why cancel it?').fill('\u202E طويل '.repeat(100));
    await page.getByRole('button', { name: 'Cancel order' }).click();
    await page.locator('#reason-fault', { hasText: 'Must be at most 500 characters' }).waitFor();
    await page.goto(`${served.url}/order?id=${await order('shipped')}`);
    for (const [typed, shown] of [
      ['-2', 'Must be above zero'],
      ['two', 'Must be a whole number'],
      ['7', 'Only 6 of them can still come back'],
    ] as const) {
      await page.locator('#return-0').fill(typed);
      await page.getByRole('button', { name: 'Return what is filled in' }).click();
      await page.locator('#return-fault-0', { hasText: shown }).waitFor();
    }
    await page.locator('#return-0').fill('');
    await page.getByRole('button', { name: 'Return what is filled in' }).click();
    await page.locator('#return-fault-0', { hasText: 'Must have a line at least' }).waitFor();
  });

  run('says at its field that nobody can be called so, and that nobody orders for nobody', async () => {
    await addToBasket('White metal lantern');
    for (const [who, shown] of [
      ['not a number', "must be a customer's number"],
      ['<script>alert(1)</script>', "must be a customer's number"],
      ['🏮', "must be a customer's number"],
      ['مصباح', "must be a customer's number"],
      ['é', "must be a customer's number"],
      ['', 'Say who you are'],
    ] as const) {
      await actAs(who);
      await page.getByRole('button', { name: 'Place order' }).click();
      await page.locator('#identity-fault', { hasText: shown }).waitFor();
    }
  });

  run('promise 9: shows nobody the order of another', async () => {
    const orderId = await order('paid');
    await actAs('12583');
    await page.goto(`${served.url}/order?id=${orderId}`);
    await page.getByText('You have no such order.').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('lantern');
  });

  run('of two tabs that act on one order tells the second how it stands', async () => {
    const orderId = await order('placed');
    const [one, two] = [await open(`/order?id=${orderId}`), await open(`/order?id=${orderId}`)];
    await two.getByRole('button', { name: 'Pay' }).waitFor();
    await one.getByLabel('Why cancel it?').fill('changed my mind');
    await one.getByRole('button', { name: 'Cancel order' }).click();
    await said(one, 'The order is cancelled.');
    await two.getByRole('button', { name: 'Pay' }).click();
    await two.getByText(`Only a placed order can be paid; order ${orderId} is cancelled.`).waitFor();
    await status(two, 'cancelled');
    expect(await two.getByRole('button', { name: 'Pay' }).isVisible()).toBe(false);
  });

  run('shows markup, and runs none of it', async () => {
    const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const odd = { ...lantern, productCode: markup.slice(0, 50), description: `${markup} 🏮 \u202Eمصباح` };
    const orderId = await order('shipped', { country: markup, lines: [odd] });
    await page.getByLabel('Search by name or code').fill('onerror');
    await page.getByRole('heading', { name: odd.description }).waitFor();
    for (const address of [
      `/order?id=${orderId}`,
      '/orders',
      '/sales',
      `/?q=${encodeURIComponent(markup)}`,
    ]) {
      await page.goto(served.url + address);
      await page.getByText('alert(1)').first().waitFor();
    }
    await page.goto(`${served.url}/order?id=${encodeURIComponent(markup)}`);
    await page.getByText('You have no such order.').waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  run('loads with less than 100 kB', async () => {
    let bytes = 0;
    const done: Promise<void>[] = [];
    const tab = await context.newPage();
    tab.on('requestfinished', (request) => {
      done.push(
        request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
          bytes += responseBodySize + responseHeadersSize;
        }),
      );
    });
    await tab.goto(served.url, { waitUntil: 'networkidle' });
    await Promise.all(done);
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThan(100_000);
  });

  run('is found without fault by axe-core, and is never wider than a small phone', async () => {
    await begin({ viewport: { width: 360, height: 740 } });
    const long = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenhalter '.repeat(4).trim();
    const orderId = await order('shipped', { lines: [{ ...lantern, description: long }] });
    await addToBasket('White metal lantern');
    await page.locator('#quantity-0').fill('x');
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.locator('#fault-0', { hasText: 'whole' }).waitFor();
    await expectFine('shop');
    await expectFineAt('/orders', '#orders li', 'orders');
    await expectFineAt(`/order?id=${orderId}`, '.timeline li', 'order');
    await expectFineAt('/order?id=none', '#order-none', 'no-order');
    await expectFineAt('/sales', '#sales tr', 'sales');
    await actAs('operator');
    await order('paid');
    await expectFineAt('/orders', '#orders li', 'orders-of-all');
  });

  async function expectFineAt(address: string, shown: string, name: string): Promise<void> {
    await page.goto(served.url + address);
    await page.locator(shown).first().waitFor();
    await expectFine(name);
  }

  async function expectFine(name: string): Promise<void> {
    await expectNoSidewaysScrolling(page);
    expect(await faultsByAxe(page), page.url()).toEqual([]);
    await takePictures(page, name);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faultsByAxe(page, ['color-contrast']), `${page.url()}, dark`).toEqual([]);
    await takePictures(page, `${name}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
  }
}

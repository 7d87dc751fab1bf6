import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  OperationsSnapshot,
  OperatorAction,
  ParkedHead,
  PartitionDetail,
} from '../page/browser/operations/snapshot.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { createShop, type Shop } from '../shop.js';
import { operationsRoutes } from './operations-routes.js';
import { OperatorTools } from './operator-tools.js';

const operator = { 'Shop-Identity': 'operator' };
const order = {
  customerId: '17850',
  country: 'France',
  lines: [{ productCode: '71053', description: 'White metal lantern', quantity: 6, price: '3.39' }],
};

let shop: Shop;
let closing: AbortController;
let routes: ReturnType<typeof operationsRoutes>;

beforeEach(async () => {
  const tools = new OperatorTools();
  shop = await createShop({ tools });
  await shop.start();
  closing = new AbortController();
  routes = operationsRoutes({ app: shop, tools, closing: closing.signal, everyInMs: 50 });
});
afterEach(async () => {
  closing.abort();
  await shop.stop();
});

function placeOrder() {
  return shop.commands.execute(new PlaceOrder(order), { subject: { id: '17850', roles: ['customer'] } });
}

async function act(action: OperatorAction): Promise<string> {
  const response = await post(action);
  expect(response.status).toBe(200);
  return ((await response.json()) as { readonly outcome: string }).outcome;
}

function post(body: unknown, headers: Record<string, string> = operator) {
  return routes.request('/actions', { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The snapshots as they come. Whoever stops reading hangs up. */
async function* snapshots(): AsyncGenerator<OperationsSnapshot> {
  const response = await routes.request('/feed', { headers: operator });
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^event: snapshot\ndata: (?<data>.*)$/m.exec(block)?.groups?.data;
      if (data !== undefined) yield JSON.parse(data) as OperationsSnapshot;
    }
  }
}

/** The first snapshot in which it is so. */
async function when(isSo: (snapshot: OperationsSnapshot) => boolean): Promise<OperationsSnapshot> {
  for await (const snapshot of snapshots()) if (isSo(snapshot)) return snapshot;
  throw new Error('The feed ended.');
}

function subscriptionIn({ groups }: OperationsSnapshot, name: string) {
  return groups.flatMap(({ subscriptions }) => subscriptions).find((one) => one.name === name);
}

describe('promise 9: what operators see and do', () => {
  const asked = [
    ['GET', '/feed'],
    ['GET', '/wiring'],
    ['GET', '/partitions?subscription=commands'],
    ['GET', '/whatever'],
    ['POST', '/actions'],
  ] as const;

  it.each(asked)('%s %s is answered to no customer, and to nobody', async (method, path) => {
    expect((await routes.request(path, { method })).status).toBe(401);
    const customer = await routes.request(path, { method, headers: { 'Shop-Identity': '17850' } });
    expect(customer.status).toBe(403);
    expect(await customer.json()).toMatchObject({ code: 'forbidden' });
  });

  it('a customer breaks nothing', async () => {
    const action = { action: 'break', projection: 'order-details' };
    expect((await post(action, { 'Shop-Identity': '17850' })).status).toBe(403);
    await placeOrder();
    const seen = await when(({ groups }) => groups.every((one) => one.subscriptions[0]?.entriesBehind === 0));
    expect(seen.parked).toEqual([]);
  });

  it.each([
    ['no action', undefined],
    ['another one', { action: 'drop-everything' }],
    ['one of something else', { action: 'pause', projection: 'order-details' }],
    ['a delay below zero', { action: 'delay', subscription: 'commands', ms: -1 }],
    ['a delay that is no number', { action: 'delay', subscription: 'commands', ms: '5' }],
    ['a name without end', { action: 'pause', subscription: 'x'.repeat(201) }],
    ['a field too many', { action: 'mend', projection: 'order-details', force: true }],
  ])('%s is refused', async (_what, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid-action' });
  });

  it('whatever comes is refused or understood, and never fails the program', async () => {
    const words = fc.constantFrom(
      'action',
      'subscription',
      'projection',
      'ms',
      'partition',
      'key',
      'position',
    );
    const names = fc.constantFrom(
      'pause',
      'delay',
      'rebuild',
      'retry',
      'discard',
      'retry-all',
      'commands',
      '',
    );
    const almost = fc.dictionary(words, fc.oneof(names, fc.string(), fc.integer(), fc.constant(null)));
    await fc.assert(
      fc.asyncProperty(fc.oneof(almost, fc.jsonValue()), async (body) => {
        expect([200, 400]).toContain((await post(body)).status);
      }),
    );
    for (const body of ['', '{', '"\\ud800"', '[]'.repeat(100)])
      expect((await routes.request('/actions', { method: 'POST', headers: operator, body })).status).toBe(
        400,
      );
    const large = { action: 'pause', subscription: 'x'.repeat(100_000) };
    expect((await post(large)).status).toBe(413);
  });

  it('has nothing to tell of a subscription that there is not', async () => {
    for (const name of ['', 'nobody', '<b>', '../..', '💥']) {
      const path = `/partitions?subscription=${encodeURIComponent(name)}`;
      const response = await routes.request(path, { headers: operator });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'subscription-unknown' });
    }
  });

  it('what is not there is not known', async () => {
    expect(await act({ action: 'pause', subscription: 'nobody' })).toBe('unknown');
    expect(await act({ action: 'rebuild', projection: 'nothing' })).toBe('unknown');
    expect(await act({ action: 'cancel-rebuild', projection: 'order-details' })).toBe('not-building');
  });
});

describe('the feed', () => {
  it('promise 8: ends when the server is to stop', async () => {
    const response = await routes.request('/feed', { headers: operator });
    const told = response.text();
    closing.abort();
    expect(await told).toMatch(/^(event: snapshot\ndata: .*\n\n)*$/);
  });

  it('tells of each second once', async () => {
    await placeOrder();
    const seconds: number[] = [];
    for await (const snapshot of snapshots()) {
      seconds.push(...snapshot.seconds.map(({ at }) => at));
      if (seconds.length >= 2) break;
    }
    expect(seconds).toEqual([...new Set(seconds)]);
  });

  it('counts what was refused apart', async () => {
    await placeOrder();
    await expect(
      shop.commands.execute(new PlaceOrder({ ...order, customerId: '' }), {
        subject: { id: '17850', roles: ['customer'] },
      }),
    ).rejects.toMatchObject({ code: 'no-customer' });
    const { messages } = await when(() => true);
    expect(messages).toContainEqual({ kind: 'command', name: 'shop.PlaceOrder', ok: 1, refused: 1 });
    expect(messages).toContainEqual({ kind: 'journal event', name: 'shop.OrderPlaced', ok: 1, refused: 0 });
  });
});

describe('an operator', () => {
  const name = 'order-details/v1';

  it('pauses a projection, sees it fall behind partition by partition, and lets it go on', async () => {
    await act({ action: 'pause', subscription: name });
    await placeOrder();
    const behind = await when((snapshot) => (subscriptionIn(snapshot, name)?.entriesBehind ?? 0) > 0);
    expect(subscriptionIn(behind, name)).toMatchObject({ isPaused: true, copy: 'serving' });
    const response = await routes.request(`/partitions?subscription=${name}`, { headers: operator });
    const partitions = (await response.json()) as readonly PartitionDetail[];
    expect(partitions).toHaveLength(32);
    expect(
      partitions.some(({ entriesBehind, owner, epoch }) => entriesBehind > 0 && owner && epoch > 0),
    ).toBe(true);
    await act({ action: 'resume', subscription: name });
    await when((snapshot) => subscriptionIn(snapshot, name)?.entriesBehind === 0);
  });

  it('slows a projection down', async () => {
    await act({ action: 'delay', subscription: name, ms: 600_000 });
    await placeOrder();
    const slow = await when((snapshot) => (subscriptionIn(snapshot, name)?.entriesBehind ?? 0) > 0);
    expect(subscriptionIn(slow, name)).toMatchObject({ delayInMs: 600_000, isPaused: false });
  });

  // #region break
  it('promise 6: breaks a projection, sees what parks, mends it, and retries: nothing else stood still', async () => {
    await act({ action: 'break', projection: 'order-details' });
    const { orderId } = await placeOrder();
    const { parked, groups } = await when((snapshot) => snapshot.parked.length > 0);
    const [head] = parked as readonly [ParkedHead];
    expect(head).toMatchObject({ subscription: name, message: 'shop.OrderPlaced', state: 'held' });
    expect(head).toMatchObject({ code: 'broken-by-switch', key: `default/${orderId}`, attempts: 1 });
    expect(groups.find((group) => group.name === 'order-details')).toMatchObject({ isBroken: true });
    await when((snapshot) => subscriptionIn(snapshot, 'customer-sales/v1')?.entriesBehind === 0);

    await act({ action: 'mend', projection: 'order-details' });
    const { subscription, partition, key, position } = head;
    expect(await act({ action: 'retry', subscription, partition, key, position })).toBe('done');
    await when((snapshot) => snapshot.parked.length === 0);
    expect(await act({ action: 'retry', subscription, partition, key, position })).toBe('not-parked');
  });
  // #endregion

  it('retries all that a subscription has parked', async () => {
    await act({ action: 'break', projection: 'order-details' });
    await Promise.all([placeOrder(), placeOrder(), placeOrder()]);
    await when((snapshot) => snapshot.parked.length === 3);
    await act({ action: 'mend', projection: 'order-details' });
    expect(await act({ action: 'retry-all', subscription: name })).toBe('done');
    await when((snapshot) => snapshot.parked.length === 0);
    expect(await act({ action: 'retry-all', subscription: name })).toBe('not-parked');
  });

  it('discards what shall never be applied', async () => {
    await act({ action: 'break', projection: 'order-details' });
    await placeOrder();
    const { parked } = await when((snapshot) => snapshot.parked.length === 1);
    const { subscription, partition, key, position } = parked[0]!;
    expect(await act({ action: 'discard', subscription, partition, key, position })).toBe('done');
    await when((snapshot) => snapshot.parked.length === 0);
  });

  // #region rebuild
  it('promise 7: has a projection made again, while the old copy serves', async () => {
    await placeOrder();
    await act({ action: 'rebuild', projection: 'order-details' });
    const done = await when((snapshot) => subscriptionIn(snapshot, `${name}/g2`)?.copy === 'serving');
    expect(subscriptionIn(done, name)).toMatchObject({ copy: 'replaced, still fed' });
  });
  // #endregion

  it('gives a rebuild up that waits for what only it has parked', async () => {
    await placeOrder();
    await when((snapshot) => subscriptionIn(snapshot, name)?.entriesBehind === 0);
    await act({ action: 'break', projection: 'order-details' });
    await act({ action: 'rebuild', projection: 'order-details' });
    const blocked = await when(({ groups }) => groups.some(({ rebuild }) => (rebuild?.blockedBy ?? 0) > 0));
    expect(subscriptionIn(blocked, `${name}/g2`)).toMatchObject({ copy: 'being built' });
    expect(await act({ action: 'cancel-rebuild', projection: 'order-details' })).toBe('done');
    const after = await when((snapshot) => subscriptionIn(snapshot, `${name}/g2`) === undefined);
    expect(subscriptionIn(after, name)).toMatchObject({ copy: 'serving' });
    expect(after.parked).toEqual([]);
  });
});

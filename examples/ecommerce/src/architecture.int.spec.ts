import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { messagesOverHttp } from './page/messages-over-http.js';
import { shopProgram } from './shop.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The walk in ARCHITECTURE.md: `12. [`…`](path) `name`: …`. */
const walk = [
  ...read('ARCHITECTURE.md').matchAll(/^\d+\. \[`[^`]+`\]\((?<path>[^)]+)\) `(?<name>\w+)`: /gm),
].map(({ groups }) => `${groups?.path} ${groups?.name}`);

/** Runs something and says which functions of ours it called: `path name`. */
async function calledBy(work: () => Promise<void>): Promise<ReadonlySet<string>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const base = fileURLToPath(root);
  return new Set(
    result.flatMap(({ url, functions }) => {
      const path = url.replace(/^file:\/\//, '').replace(base, '');
      const called = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
      return called.map(({ functionName }) => `${path} ${functionName}`);
    }),
  );
}

test('ARCHITECTURE.md: an order goes the way that is told there', async () => {
  const customer = { 'content-type': 'application/json', 'shop-identity': '17850' };
  const order = {
    customerId: '17850',
    country: 'France',
    lines: [{ productCode: '71053', description: 'WHITE METAL LANTERN', quantity: 6, price: '3.39' }],
  };
  const statuses: number[] = [];
  // From the start of the program on: pipelines are put together there.
  const called = await calledBy(async () => {
    const shop = await testApp(shopProgram());
    const http = messagesOverHttp(shop.app, () => {});
    const placed = await http(
      new Request('http://shop.test/commands/shop.PlaceOrder', {
        method: 'POST',
        headers: { ...customer, 'idempotency-key': 'one' },
        body: JSON.stringify(order),
      }),
    );
    const { result } = (await placed.json()) as { result: { orderId: string } };
    const after = placed.headers.get('diptych-consistency') ?? '';
    const asked = `http://shop.test/queries/shop.OrderDetails?orderId=${JSON.stringify(result.orderId)}`;
    const found = await http(new Request(asked, { headers: { ...customer, 'diptych-after': after } }));
    statuses.push(placed.status, found.status);
    await shop.stop();
  });
  expect(statuses).toEqual([200, 200]);
  expect(walk.length).toBeGreaterThan(20);
  expect(walk.filter((step) => !called.has(step))).toEqual([]);
});

test('ARCHITECTURE.md: the layers are those that the checker reads', () => {
  const { layers } = JSON.parse(read('packages/core/src/layers.json')) as { layers: readonly string[] };
  expect(read('ARCHITECTURE.md')).toContain(`\`\`\`\n${layers.join(' → ')}\n\`\`\``);
});

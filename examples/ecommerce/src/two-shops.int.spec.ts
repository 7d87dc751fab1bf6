import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { built } from './testing/built.js';
import { temporaryFolder } from './testing/storages.js';

interface Running {
  readonly url: string;
  readonly process: ChildProcess;
}

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** The shop as `npm run shop` has it, with these roles. */
async function run(folder: string, roles: string): Promise<Running> {
  const child = spawn(process.execPath, [built('main.js'), '--roles', roles], {
    env: { ...process.env, PORT: '0', SHOP_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const [url] = await once(createInterface(child.stdout!), 'line');
  return { url: String(url), process: child };
}

async function endOf({ process: child }: Running, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code as number | null;
}

const order = {
  customerId: '17850',
  country: 'France',
  lines: [{ productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' }],
};

function place({ url }: Running, key: string): Promise<Response> {
  return fetch(`${url}/commands/shop.PlaceOrder`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Shop-Identity': '17850', 'Idempotency-Key': key },
    body: JSON.stringify(order),
  });
}

function mine({ url }: Running, after: string | null): Promise<Response> {
  return fetch(`${url}/queries/shop.OrdersByCustomer?customerId=17850`, {
    headers: { 'Shop-Identity': '17850', ...(after && { 'Diptych-After': after }) },
  });
}

describe('two shops on one file, one that takes commands and one that does the rest', () => {
  it('promise 5: what one takes, the other one shows to whoever has the receipt', async () => {
    const folder = temporaryFolder();
    const left = await run(folder, 'commands');
    const right = await run(folder, 'relay,projections,queries');
    const placed = await place(left, 'one');
    expect(placed.status).toBe(200);
    const seen = await mine(right, placed.headers.get('Diptych-Consistency'));
    expect(await seen.json()).toMatchObject({ sales: { orders: 1, net: '20.34' } });
    expect((await place(right, 'two')).status).toBe(404);
    expect((await mine(left, null)).status).toBe(404);
    expect(await endOf(left, 'SIGTERM')).toBe(0);
    expect(await endOf(right, 'SIGTERM')).toBe(0);
  });

  it('promises 4 and 8: one that was killed remembers what it has answered', async () => {
    const folder = temporaryFolder();
    const right = await run(folder, 'relay,projections,queries');
    const before = await run(folder, 'commands');
    const first = await (await place(before, 'one')).json();
    await endOf(before, 'SIGKILL');
    const again = await place(await run(folder, 'commands'), 'one');
    expect(await again.json()).toEqual(first);
    const seen = await mine(right, again.headers.get('Diptych-Consistency'));
    expect(await seen.json()).toMatchObject({ sales: { orders: 1 } });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';
import { built } from './built.js';

/** A shop in a process of its own, as `npm run shop` has it. */
export interface RunningShop {
  readonly url: string;
  readonly process: ChildProcess;
  /** Resolves with the first line on its stderr that has this in it. */
  told(text: string): Promise<string>;
}

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** Starts a shop on a folder, and waits until it listens. It ends with the test. */
export async function runShopProcess(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningShop> {
  const child = spawn(process.execPath, [built('main.js'), ...args], {
    env: { ...process.env, PORT: '0', SHOP_DATA: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const lines: string[] = [];
  const errors = createInterface(child.stderr).on('line', (line) => lines.push(line));
  const told = async (text: string): Promise<string> => {
    for (;;) {
      const line = lines.find((one) => one.includes(text));
      if (line !== undefined) return line;
      await once(errors, 'line');
    }
  };
  const listening = once(createInterface(child.stdout), 'line');
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(lines.join('\n'))));
  const [url] = await Promise.race([listening, ended]);
  return { url: String(url), process: child, told };
}

/** Ends a shop, and resolves with its exit code. */
export async function endOf({ process: child }: RunningShop, signal: NodeJS.Signals): Promise<number | null> {
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

export function placeOrder({ url }: RunningShop, key: string): Promise<Response> {
  return fetch(`${url}/commands/shop.PlaceOrder`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Shop-Identity': '17850', 'Idempotency-Key': key },
    body: JSON.stringify(order),
  });
}

export function ordersOfCustomer({ url }: RunningShop, after: string | null): Promise<Response> {
  return fetch(`${url}/queries/shop.OrdersByCustomer?customerId=17850`, {
    headers: { 'Shop-Identity': '17850', ...(after && { 'Diptych-After': after }) },
  });
}

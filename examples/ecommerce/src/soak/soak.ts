import { setTimeout as wait } from 'node:timers/promises';
import { serviceBusBrokers } from '../brokers/service-bus-brokers.js';
import { offerBuiltInProducts } from '../catalogue/built-in-products.js';
import { allCaughtUp } from '../caught-up.js';
import { startEmulator } from '../services/emulators.js';
import { createShop } from '../shop.js';
import { sqliteStorage } from '../storage/sqlite-storage.js';
import { MemoryWatch, residentMegabytesOf } from './memory-watch.js';
import { type QueueLength, queueLengths } from './queue-lengths.js';
import { shopUntil } from './shoppers.js';

export interface SoakResult {
  readonly orders: number;
  readonly lengths: readonly QueueLength[];
  readonly memory: readonly { readonly of: string; readonly megabytes: number; readonly grownBy: number }[];
}

const customers = 4;
const lookEveryMs = 5_000;
/** How long settled messages may take to be gone, in milliseconds. */
const settlingInMs = 20_000;

/** A shop on a file, with a Service Bus beside it, under a steady load for so many minutes. */
export async function soak(folder: string, minutes: number): Promise<SoakResult> {
  const bus = await startEmulator('service-bus');
  const storage = await sqliteStorage(folder);
  const brokers = serviceBusBrokers(bus.connectionString);
  const shop = await createShop({ storage, brokers });
  const [ours, theirs] = [process.pid, bus.pid].map((pid) => new MemoryWatch(() => residentMegabytesOf(pid)));
  const looking = setInterval(() => [ours, theirs].map((watch) => watch?.look()), lookEveryMs);
  try {
    await shop.start();
    await offerBuiltInProducts(shop.commands);
    const until = AbortSignal.timeout(minutes * 60_000);
    const shopping = Array.from({ length: customers }, (_, index) =>
      shopUntil(shop, `customer-${index}`, until),
    );
    const orders = (await Promise.all(shopping)).reduce((sum, count) => sum + count, 0);
    clearInterval(looking);
    await allCaughtUp(shop);
    return {
      orders,
      lengths: await emptied(bus.connectionString),
      memory: [
        { of: 'the shop', megabytes: ours!.last, grownBy: ours!.grownBy },
        { of: 'the emulator', megabytes: theirs!.last, grownBy: theirs!.grownBy },
      ],
    };
  } finally {
    clearInterval(looking);
    await shop.stop();
    await brokers.close();
    await storage.close();
    await bus.stop();
  }
}

/** What is left in the end: what was handled is settled a moment later. */
async function emptied(connectionString: string): Promise<readonly QueueLength[]> {
  for (let waited = 0; ; waited += 500) {
    const lengths = await queueLengths(connectionString);
    if (waited >= settlingInMs || lengths.every(({ active }) => active === 0)) return lengths;
    await wait(500);
  }
}

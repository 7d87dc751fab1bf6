import type { SubscriptionSettings } from '@diptych/core';
import { namedBrokers } from './brokers/named-brokers.js';
import type { ShopBrokers } from './brokers/shop-brokers.js';
import { offerBuiltInProducts } from './catalogue/built-in-products.js';
import { allCaughtUp } from './caught-up.js';
import { describeSummary } from './import/import-summary.js';
import type { InvoiceFile } from './import/invoice-file.js';
import { openForReplay, replay } from './import/replay-file.js';
import { operationsRoutes } from './operations/operations-routes.js';
import { OperatorTools } from './operations/operator-tools.js';
import { messagesOverHttp } from './page/messages-over-http.js';
import { page } from './page/page.js';
import { type PageServer, startPageServer } from './page/page-server.js';
import { namedReadModels } from './read-models/named-read-models.js';
import type { ShopReadModels } from './read-models/shop-read-models.js';
import { tellOn } from './services/connections.js';
import { createShop, type Shop, type ShopParts } from './shop.js';
import type { ShopOptions } from './shop-options.js';
import { memoryStorage } from './storage/memory-storage.js';
import type { ShopStorage } from './storage/shop-storage.js';
import { sqliteStorage } from './storage/sqlite-storage.js';

/** What the shop needs of the process that it runs in. */
export interface ShopProcess {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** Aborted when the process is asked to end. */
  readonly ended: AbortSignal;
}

/** For programs that run the shop in another way than its command line does. */
export interface ShopSetUp {
  /** Default: where the options say. */
  readonly openStorage?: (options: ShopOptions) => Promise<ShopStorage>;
  /** Default: those that the options name. */
  readonly openBrokers?: (options: ShopOptions) => Promise<ShopBrokers>;
  /** Default: where the options say. */
  readonly openReadModels?: (options: ShopOptions, storage: ShopStorage) => Promise<ShopReadModels>;
  readonly subscriptions?: SubscriptionSettings | undefined;
}

/** Runs the shop until it is asked to end, or with `exit` until everything imported is to be seen. */
export async function runShop(
  options: ShopOptions,
  process: ShopProcess,
  setUp: ShopSetUp = {},
): Promise<void> {
  const { openStorage = storageOf, openBrokers = brokersOf(process) } = setUp;
  const { openReadModels = readModelsOf(process), subscriptions } = setUp;
  const files = await Promise.all(options.imports.map(openForReplay));
  const storage = await openStorage(options);
  try {
    const readModels = await openReadModels(options, storage);
    try {
      const brokers = await openBrokers(options);
      try {
        await runOn({ storage, readModels, brokers, subscriptions }, files, options, process);
      } finally {
        await brokers.close();
      }
    } finally {
      await readModels.close();
    }
  } finally {
    await storage.close();
  }
}

function brokersOf({ stderr }: ShopProcess): (options: ShopOptions) => Promise<ShopBrokers> {
  return (options) => namedBrokers(options, tellOn(stderr));
}

function readModelsOf({
  stderr,
}: ShopProcess): (options: ShopOptions, storage: ShopStorage) => Promise<ShopReadModels> {
  return (options, storage) => namedReadModels(options, storage, tellOn(stderr));
}

/** Where the options say. */
async function storageOf({ data, sql }: Pick<ShopOptions, 'data' | 'sql'>): Promise<ShopStorage> {
  // Loaded where it is used: its driver is large, and most who try the shop need none.
  if (sql !== undefined)
    return (await import('./storage/sql-storage.js')).sqlStorage(sql.url, { schema: sql.schema });
  return data === undefined ? memoryStorage() : sqliteStorage(data);
}

async function runOn(
  parts: Pick<ShopParts, 'storage' | 'readModels' | 'brokers' | 'subscriptions'>,
  files: readonly InvoiceFile[],
  options: ShopOptions,
  process: ShopProcess,
): Promise<void> {
  const tools = new OperatorTools();
  const shop = await createShop({ ...parts, tools, roles: options.roles });
  await shop.start();
  const closing = new AbortController();
  let server: PageServer | undefined;
  try {
    if (takesCommands(options)) await offerBuiltInProducts(shop.commands);
    if (!options.exit) {
      const { webHook, serving } = parts.brokers ?? {};
      server = await serve({ shop, tools, closing: closing.signal, webHook }, options.port, process);
      await serving?.(server.url);
      process.stdout.write(`${server.url}\n`);
    }
    for (const file of files) {
      const summary = await replay(file, shop.commands, process.stderr, process.ended);
      process.stdout.write(`${describeSummary(summary)}\n`);
      if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    }
    await (options.exit ? allCaughtUp(shop, process.ended) : aborted(process.ended));
  } finally {
    // Pages that watch would keep the server from stopping.
    closing.abort();
    await server?.stop();
    await shop.stop();
  }
}

function takesCommands({ roles }: ShopOptions): boolean {
  return roles === undefined || roles.includes('commands');
}

interface Served {
  readonly shop: Shop;
  readonly tools: OperatorTools;
  readonly closing: AbortSignal;
  readonly webHook: ShopBrokers['webHook'];
}

function serve(
  { shop, tools, closing, webHook }: Served,
  port: number,
  { stderr }: ShopProcess,
): Promise<PageServer> {
  const messages = messagesOverHttp(shop, (text) => stderr.write(text));
  const operations = operationsRoutes({ app: shop, tools, closing });
  return startPageServer(page({ messages, operations, webHook }), port);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

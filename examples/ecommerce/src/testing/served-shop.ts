import { offerBuiltInProducts } from '../catalogue/built-in-products.js';
import { operationsRoutes } from '../operations/operations-routes.js';
import { OperatorTools } from '../operations/operator-tools.js';
import { messagesOverHttp } from '../page/messages-over-http.js';
import { page } from '../page/page.js';
import { startPageServer } from '../page/page-server.js';
import { createShop, type Shop } from '../shop.js';

/** A shop behind a socket, as `npm run shop` has it. */
export interface ServedShop {
  readonly shop: Shop;
  readonly url: string;
  /** What the program itself got wrong. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

export async function serveShop(): Promise<ServedShop> {
  const failures: string[] = [];
  const tools = new OperatorTools();
  const shop = await createShop({ tools });
  await shop.start();
  await offerBuiltInProducts(shop.commands);
  const closing = new AbortController();
  const messages = messagesOverHttp(shop, (text) => failures.push(text));
  const operations = operationsRoutes({ app: shop, tools, closing: closing.signal });
  const server = await startPageServer(page({ messages, operations }), 0);
  const stop = async () => {
    closing.abort();
    await server.stop();
    await shop.stop();
  };
  return { shop, url: server.url, failures, stop };
}

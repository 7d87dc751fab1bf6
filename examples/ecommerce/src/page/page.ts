import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { hookPath } from '../brokers/shop-brokers.js';
import { orderPage } from './pages/order-page.js';
import { ordersPage } from './pages/orders-page.js';
import { salesPage } from './pages/sales-page.js';
import { shopPage } from './pages/shop-page.js';

export interface PageOptions {
  /** Answers `/commands/…` and `/queries/…`. */
  readonly messages: (request: Request) => Promise<Response>;
  /** Answers `/operations/…`, to operators alone. Default: there is nothing of it. */
  readonly operations?: Hono;
  /** Answers a broker that calls. Default: nobody is there. */
  readonly webHook?: ((request: Request) => Promise<Response>) | undefined;
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

// The same from `src` and from `dist`: styles are read from the sources, browser modules from the build.
const package_ = new URL('../../', import.meta.url);
const staticFolder = fileURLToPath(new URL('src/page/static', package_));
const browserFolder = fileURLToPath(new URL('dist/page/browser', package_));

/** The shop over HTTP: its pages, and behind them commands and queries. */
export function page({ messages, operations, webHook }: PageOptions): Hono {
  const app = new Hono();
  app.use(compress());
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    }),
  );
  app.use(async ({ req }, next) => {
    // Another site may point its name at this address; with its name it gets nothing.
    if (!loopbackNames.has(new URL(req.url).hostname))
      return new Response('Not for this host.', { status: 421 });
    await next();
  });
  app.all('/commands/*', ({ req }) => messages(req.raw));
  app.all('/queries/*', ({ req }) => messages(req.raw));
  if (operations !== undefined) app.route('/operations', operations);
  if (webHook !== undefined) app.all(hookPath, ({ req }) => webHook(req.raw));
  app.get('/', ({ html }) => html(shopPage()));
  app.get('/orders', ({ html }) => html(ordersPage()));
  app.get('/order', ({ html }) => html(orderPage()));
  app.get('/sales', ({ html }) => html(salesPage()));
  serveFolder(app, 'static', staticFolder);
  serveFolder(app, 'browser', browserFolder);
  return app;
}

/** Files of one folder below their own path. Browsers ask each time whether they have the present one. */
function serveFolder(app: Hono, name: string, root: string): void {
  const path = `/${name}/*`;
  app.use(path, etag(), async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-cache');
  });
  app.get(path, serveStatic({ root, rewriteRequestPath: (asked) => asked.slice(name.length + 1) }));
}

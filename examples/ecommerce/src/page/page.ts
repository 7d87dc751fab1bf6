import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { PageFile } from './page-files.js';

export interface PageOptions {
  readonly files: ReadonlyMap<string, PageFile>;
  /** Answers `/commands/…` and `/queries/…`. */
  readonly messages: (request: Request) => Promise<Response>;
  /** Answers `/operations/…`, to operators alone. Default: there is nothing of it. */
  readonly operations?: Hono;
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The shop over HTTP: its page, and behind it commands and queries. */
export function page({ files, messages, operations }: PageOptions): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        imgSrc: ['data:'],
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
  app.get('*', ({ req, body, notFound }) => {
    const file = files.get(req.path);
    return file === undefined
      ? notFound()
      : body(file.body, 200, { 'Content-Type': file.type, 'Cache-Control': 'no-cache' });
  });
  return app;
}

import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

export interface PageServer {
  readonly url: string;
  /**
   * Answers what has begun, and takes nothing more.
   * @param drainInMs how long an answer may take to end, in milliseconds; then it is cut off. Default 5,000.
   */
  stop(drainInMs?: number): Promise<void>;
}

/**
 * Listens on loopback alone, since everybody there is believed to be who they say.
 * @param port 0 for any that is free.
 */
export function startPageServer(app: Hono, port: number): Promise<PageServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, ({ port: actual }) => {
      resolve({ url: `http://127.0.0.1:${actual}`, stop: (drainInMs) => stop(server, drainInMs) });
    }) as Server;
    server.once('error', reject);
  });
}

function stop(server: Server, drainInMs = 5_000): Promise<void> {
  return new Promise((resolve) => {
    // A reader that has stalled would keep its answer open for ever.
    const tooLong = setTimeout(() => server.closeAllConnections(), drainInMs);
    server.close(() => {
      clearTimeout(tooLong);
      resolve();
    });
    server.closeIdleConnections();
  });
}

import { diagramOf, isDiptychError, systemClock } from '@diptych/core';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import type { OperationsSnapshot } from '../page/browser/operations/snapshot.js';
import { OperationsFeed } from './operations-feed.js';
import { operationsPage } from './operations-page.js';
import { type SnapshotSources, takeSnapshot } from './operations-snapshot.js';
import { operatorAction, perform } from './operator-action.js';
import { operatorOnly } from './operator-only.js';
import { partitionDetails } from './partition-details.js';
import { problem } from './problem.js';

export interface OperationsOptions extends SnapshotSources {
  /** Aborted when the server is to stop: whoever watches is told goodbye. */
  readonly closing: AbortSignal;
  /** How often those who watch are told, in milliseconds. Default 1,000. */
  readonly everyInMs?: number;
}

/**
 * What operators see and do, below `/operations`. The page itself holds nothing, so everybody may load it; all
 * else is answered to operators alone.
 */
export function operationsRoutes(options: OperationsOptions): Hono {
  const { app, tools, closing, everyInMs = 1_000 } = options;
  const feed = new OperationsFeed({ clock: systemClock, take: () => takeSnapshot(options), everyInMs });
  const routes = new Hono();
  routes.get('/', ({ html }) => html(operationsPage()));
  routes.use(operatorOnly);
  routes.get('/feed', (context) => stream(context, feed, closing));
  routes.get('/wiring', ({ json }) => json({ app: app.describe(), mermaid: diagramOf(app.describe()) }));
  routes.get('/partitions', ({ req, json }) =>
    orRefused(async () => json(await partitionDetails(app.operations, req.query('subscription') ?? ''))),
  );
  routes.post('/actions', bodyLimit({ maxSize: 64 * 1_024 }), async ({ req, json }) => {
    const action = operatorAction.safeParse(await req.json().catch(() => undefined));
    if (!action.success) return problem(400, 'invalid-action', 'There is no such action.');
    return orRefused(async () =>
      json({ outcome: await perform(action.data, { app, faults: tools.faults }) }),
    ).finally(() => feed.hurry());
  });
  return routes;
}

/** What the framework refuses is an answer like others. */
async function orRefused(answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!isDiptychError(error)) throw error;
    return problem(error.code === 'subscription-unknown' ? 404 : 409, error.code, error.message);
  }
}

/** Snapshots as they are taken, until the reader or the server goes. Each second is told once. */
function stream(
  context: Context,
  feed: OperationsFeed<OperationsSnapshot>,
  closing: AbortSignal,
): Response | Promise<Response> {
  return streamSSE(context, async (events) => {
    const gone = new AbortController();
    events.onAbort(() => gone.abort());
    let told = 0;
    for await (const snapshot of feed.watch(AbortSignal.any([gone.signal, closing]))) {
      const seconds = snapshot.seconds.filter(({ at }) => at > told);
      told = seconds.at(-1)?.at ?? told;
      await events.writeSSE({ event: 'snapshot', data: JSON.stringify({ ...snapshot, seconds }) });
    }
  });
}

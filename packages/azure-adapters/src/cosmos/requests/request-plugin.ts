import type { PluginConfig } from '@azure/cosmos';
import { type Clock, sleep } from '@diptych/core';
import { cosmosError } from './cosmos-errors.js';
import { keepFailure } from './kept-failures.js';
import { operationName, placeOf, type RequestContext } from './operation-name.js';
import { requestFailure } from './request-failure.js';
import type { RequestMetrics } from './request-metrics.js';

export interface RequestPluginOptions {
  readonly clock: Clock;
  readonly maxRetries: number;
  readonly maxWaitInMs: number;
  readonly metrics: RequestMetrics | undefined;
}

type Answer = Awaited<ReturnType<PluginConfig['plugin']>>;
type Next = () => Promise<Answer>;

/**
 * What every request of a client goes through. It waits where the service throttles, in place of the SDK: that would
 * begin a pause of any length, could not be called off, and tells nobody. What the request cost is measured here, for
 * the SDK shows each attempt here and nowhere else.
 */
export function requestPlugin(options: RequestPluginOptions): PluginConfig {
  return {
    on: 'request',
    plugin: (context: RequestContext, _diagnostics, next) => measured(context, () => next(context), options),
  };
}

async function measured(context: RequestContext, next: Next, options: RequestPluginOptions): Promise<Answer> {
  const [startedAt, total] = [options.clock.now(), { charge: 0 }];
  const done = (status: number | undefined, error?: unknown) =>
    options.metrics?.done(context, { charge: total.charge, startedAt, status, error });
  try {
    const answer = await patient(context, charging(next, total), options);
    options.metrics?.throttled(context, throttledOperations(answer));
    done(answer.code);
    return answer;
  } catch (error) {
    done(undefined, error);
    keepFailure(context.options, error);
    throw error;
  }
}

function charging(next: Next, total: { charge: number }): Next {
  const add = (headers: Answer['headers'] | undefined) => {
    total.charge += Number(headers?.['x-ms-request-charge'] ?? 0) || 0;
  };
  return async () => {
    try {
      const answer = await next();
      add(answer.headers);
      return answer;
    } catch (error) {
      add((error as Partial<Answer>).headers);
      throw error;
    }
  };
}

/** Sends it again while the service throttles, and there is patience left. */
async function patient(
  context: RequestContext,
  next: Next,
  { clock, maxRetries, maxWaitInMs, metrics }: RequestPluginOptions,
): Promise<Answer> {
  const { abortSignal } = context.options;
  let waitedInMs = 0;
  for (let retries = 0; ; retries++) {
    try {
      return await next();
    } catch (error) {
      const { status, retryAfterInMs = 0 } = requestFailure(error);
      if (status !== 429) throw error;
      metrics?.throttled(context, 1);
      const isOver = retries >= maxRetries || waitedInMs + retryAfterInMs > maxWaitInMs;
      if (isOver || abortSignal?.aborted) throw throttled(context, error);
      const startedAt = clock.now();
      await sleep(clock, retryAfterInMs, abortSignal);
      waitedInMs += retryAfterInMs;
      metrics?.waited(context, clock.now() - startedAt);
      if (abortSignal?.aborted) throw throttled(context, error);
    }
  }
}

/** It is not an error of the SDK's any more, which would take it for one to wait for. */
function throttled(context: RequestContext, error: unknown) {
  return cosmosError(error, {
    doing: operationName(context).replaceAll('_', ' '),
    container: placeOf(context).container,
  });
}

/** A bulk is answered for each operation, and the SDK sends those again. */
function throttledOperations({ code, result }: Answer): number {
  if (code !== 207 || !Array.isArray(result)) return 0;
  return result.filter(({ statusCode }) => statusCode === 429).length;
}

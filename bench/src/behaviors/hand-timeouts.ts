import type { HandContext, HandStep } from './by-hand.js';

/** A time-out as most people write it: a timer for each call. */
export function limitedByTimer<Message>(next: HandStep<Message>, limitInMs: number): HandStep<Message> {
  return (message, context) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => giveUp({ context, reject }, limitInMs), limitInMs).unref();
      next(message, context)
        .finally(() => clearTimeout(timer))
        .then(resolve, reject);
    });
}

interface Waiting {
  readonly context: HandContext;
  readonly reject: (reason: unknown) => void;
}

/**
 * A time-out as somebody writes it who has measured the other one: two buckets of running calls, of which a timer
 * gives up the older one and starts a new one each time the limit has passed. A call gets between one and two limits.
 */
export function limitedBySweep<Message>(next: HandStep<Message>, limitInMs: number): HandStep<Message> {
  let older = new Set<Waiting>();
  let newer = new Set<Waiting>();
  setInterval(() => {
    for (const waiting of older) giveUp(waiting, limitInMs);
    older = newer;
    newer = new Set();
  }, limitInMs).unref();
  return (message, context) =>
    new Promise((resolve, reject) => {
      const waiting = { context, reject };
      const bucket = newer;
      bucket.add(waiting);
      next(message, context).then(
        (result) => {
          bucket.delete(waiting);
          resolve(result);
        },
        (error: unknown) => {
          bucket.delete(waiting);
          reject(error);
        },
      );
    });
}

function giveUp({ context, reject }: Waiting, limitInMs: number): void {
  const reason = new Error(`'${context.name}' took longer than ${limitInMs} ms.`);
  context.abort(reason);
  reject(reason);
}

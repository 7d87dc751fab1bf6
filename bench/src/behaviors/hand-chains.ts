import type { Work } from '../harness/work.js';
import { authorized, type HandLogger, type HandStep, logged } from './by-hand.js';
import { eagerContext, LeanContext } from './hand-contexts.js';
import { limitedBySweep, limitedByTimer } from './hand-timeouts.js';
import { input, mayOrder, type PlaceOrderData, placeOrderSchema } from './order.js';

const limitInMs = 30_000;
const name = 'bench.PlaceOrder';

/** The chain as most people write it. */
export function plainChain(work: Work, logger: HandLogger): () => Promise<unknown> {
  const run = logged(authorized(limitedByTimer(handlerOf(work), limitInMs), mayOrder), logger);
  return async () => run(placeOrderSchema.parse(input()), eagerContext(name));
}

/** The chain as somebody writes it who has measured the first and kept what it does. */
export function leanChain(work: Work, logger: HandLogger): () => Promise<unknown> {
  const run = logged(authorized(limitedBySweep(handlerOf(work), limitInMs), mayOrder), logger);
  return () => run(placeOrderSchema.parse(input()), new LeanContext(name));
}

function handlerOf(work: Work): HandStep<PlaceOrderData> {
  return () => work.handle();
}

import {
  authorizationBehavior,
  type CommandRegistration,
  command,
  commandHandler,
  createCommandBus,
  loggingBehavior,
  policy,
  systemClock,
  timeoutBehavior,
} from '@diptych/core';
import type { Work } from '../harness/work.js';
import { type CountingLogger, input, mayOrder, placeOrderSchema } from './order.js';

class PlaceOrder extends command('bench.PlaceOrder', placeOrderSchema).returns<string>() {}

/** The same chain, put together from what Diptych ships. */
export function shippedChain(work: Work, logger: CountingLogger): () => Promise<unknown> {
  const handler: CommandRegistration = commandHandler(
    PlaceOrder,
    { authorize: policy('may order', mayOrder) },
    work.handle,
  );
  const bus = createCommandBus({
    handlers: [handler],
    behaviors: [
      loggingBehavior({ logger, clock: systemClock }),
      authorizationBehavior(),
      timeoutBehavior({ clock: systemClock }),
    ],
  });
  return () => bus.execute(new PlaceOrder(input()));
}

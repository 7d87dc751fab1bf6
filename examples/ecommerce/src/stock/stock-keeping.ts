import { type EventContext, EventHandler, type Session } from '@diptych/core';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import type { Line } from '../lines/line.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { movementsOf } from './movements.js';
import { stockStream } from './stock-ledger.js';

// #region keeping
// One subscription for all, so that an order and what comes back of it share a checkpoint.
const name = 'stock';

@EventHandler(OrderPlaced, { name })
export class TakeFromStock {
  handle({ lines, orderId }: OrderPlaced, { session }: EventContext): void {
    move(session, lines, -1, orderId);
  }
}
// #endregion

@EventHandler(GoodsReturned, { name })
export class PutBackInStock {
  handle({ lines, returnId }: GoodsReturned, { session }: EventContext): void {
    move(session, lines, 1, returnId);
  }
}

@EventHandler(OrderCancelled, { name })
export class KeepInStock {
  handle({ lines, orderId }: OrderCancelled, { session }: EventContext): void {
    move(session, lines, 1, orderId);
  }
}

// #region move
/**
 * The commands leave with the handler's transaction, so each is sent once however often the event comes. Those of
 * one product run one after the other, so that they never conflict.
 */
function move(session: Session, lines: readonly Line[], sign: 1 | -1, cause: string): void {
  for (const movement of movementsOf(lines, sign, cause)) {
    session.send(movement, { key: stockStream(movement.productCode) });
  }
}
// #endregion

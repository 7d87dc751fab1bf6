import { command } from '@diptych/core';
import { z } from 'zod';
import { orderIdentifier, orderReply } from '../orders/order-schemas.js';

const cancelOrder = z.strictObject({
  orderId: orderIdentifier,
  reason: z.string().max(500, 'Must be at most 500 characters').default(''),
});

/** The order is called off before it was shipped. */
export class CancelOrder extends command('shop.CancelOrder', cancelOrder).returns(orderReply) {}

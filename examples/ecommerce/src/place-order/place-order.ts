import { command } from '@diptych/core';
import { z } from 'zod';
import { lines } from '../lines/line.js';
import { wellFormed } from '../lines/well-formed.js';

// #region message
export const placeOrderData = z.strictObject({
  /** Empty when there is none, which is for the domain to refuse and not for the schema. */
  customerId: wellFormed.max(50).default(''),
  /** Where the goods go. */
  country: wellFormed.min(1, 'Must name a country').max(100, 'Must be at most 100 characters'),
  /** When the customer ordered. Default: when the command was made. */
  placedAt: z.iso.datetime().optional(),
  lines,
});

export type PlaceOrderData = z.infer<typeof placeOrderData>;

const orderPlacedReply = z.object({ orderId: z.string(), total: z.string() });

/** A customer buys something. The order gets the id of the command, so that asking again places nothing new. */
export class PlaceOrder extends command('shop.PlaceOrder', placeOrderData).returns(orderPlacedReply) {}
// #endregion

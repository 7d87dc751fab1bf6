import { command } from '@diptych/core';
import { z } from 'zod';
import { lines } from '../lines/line.js';
import { wellFormed } from '../lines/well-formed.js';
import { orderIdentifier } from '../orders/order-schemas.js';

export const returnGoodsData = z.strictObject({
  /** The order that they are of. Without one, anything may come back, as credit notes have it. */
  orderId: orderIdentifier.optional(),
  /** Empty when there is none, which is for the domain to refuse and not for the schema. */
  customerId: wellFormed.max(50).default(''),
  country: wellFormed.min(1, 'Must name a country').max(100, 'Must be at most 100 characters'),
  /** When the goods came back. Default: when the command was made. */
  returnedAt: z.iso.datetime().optional(),
  /** What came back, with quantities below zero, as credit notes have them. */
  lines,
});

export type ReturnGoodsData = z.infer<typeof returnGoodsData>;

const goodsReturnedReply = z.object({ returnId: z.string(), total: z.string() });

/** A customer gives something back, of an order that was shipped or of none that the shop knows. The return gets the id of the command. */
export class ReturnGoods extends command('shop.ReturnGoods', returnGoodsData).returns(goodsReturnedReply) {}

import { z } from 'zod';
import { orderDocument } from '../order-details/order-document.js';

export const listedOrder = orderDocument.extend({
  /** How many there are; `shop.OrderDetails` has them. */
  lines: z.int(),
});

/** An order or return as it stands in lists. */
export type ListedOrder = Readonly<z.infer<typeof listedOrder>>;

import { z } from 'zod';
import { line } from '../lines/line.js';
import { amount } from '../money/money.js';
import { orderStatus } from '../orders/order-schemas.js';

export const orderDocument = z.object({
  /** A return is a document of its own only where it is of no order; else it stands on the order. */
  kind: z.enum(['order', 'return']),
  /** Of an order or of a return. */
  orderId: z.string(),
  customerId: z.string(),
  country: z.string(),
  /** `returned`: everything came back. */
  status: orderStatus,
  /** When it was ordered or came back. */
  placedAt: z.string(),
  /** Above zero, for a return too. */
  total: amount,
  /** How much of the total came back. */
  returned: amount,
  lines: z
    .array(
      line.extend({
        /** How many of them came back. */
        returned: z.int(),
      }),
    )
    .readonly(),
});

/** An order or return as customers see it. */
export type OrderDocument = Readonly<z.infer<typeof orderDocument>>;

import { z } from 'zod';
import { line } from '../lines/line.js';
import { amount } from '../money/money.js';

/** `placed` is a sale; `returned` is a return, which is a document of its own since it needs no order. */
export const orderStatus = z.enum(['placed', 'returned']);

export const orderDocument = z.object({
  /** Of an order or of a return. */
  orderId: z.string(),
  customerId: z.string(),
  country: z.string(),
  status: orderStatus,
  /** When it was ordered or came back. */
  placedAt: z.string(),
  /** Above zero, for a return too. */
  total: amount,
  lines: z.array(line).readonly(),
});

/** An order or return as customers see it. */
export type OrderDocument = Readonly<z.infer<typeof orderDocument>>;

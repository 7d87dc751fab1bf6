import { event } from '@diptych/core';
import { z } from 'zod';
import { lines } from '../lines/line.js';
import { amount } from '../money/money.js';

const orderCancelled = z.object({
  orderId: z.string(),
  customerId: z.string(),
  country: z.string(),
  /** Those of the order: they go back in stock. */
  lines,
  /** What the order came to: it is no sale any more. */
  total: amount,
  /** Empty where none was given. */
  reason: z.string(),
  cancelledAt: z.iso.datetime(),
});

/** It tells all that was ordered, so that whoever counts sales or stock need not look for the order. */
export class OrderCancelled extends event('shop.OrderCancelled', orderCancelled) {}

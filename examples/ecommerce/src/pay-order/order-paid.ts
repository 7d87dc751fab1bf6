import { event } from '@diptych/core';
import { z } from 'zod';
import { amount } from '../money/money.js';

const orderPaid = z.object({
  orderId: z.string(),
  customerId: z.string(),
  total: amount,
  paidAt: z.iso.datetime(),
});

export class OrderPaid extends event('shop.OrderPaid', orderPaid) {}

import { event } from '@diptych/core';
import { z } from 'zod';
import { lines } from '../lines/line.js';
import { amount } from '../money/money.js';

const orderPlaced = z.object({
  orderId: z.string(),
  customerId: z.string(),
  country: z.string(),
  placedAt: z.iso.datetime(),
  lines,
  total: amount,
});

export class OrderPlaced extends event('shop.OrderPlaced', orderPlaced) {}

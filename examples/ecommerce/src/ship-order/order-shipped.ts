import { event } from '@diptych/core';
import { z } from 'zod';

const orderShipped = z.object({
  orderId: z.string(),
  customerId: z.string(),
  shippedAt: z.iso.datetime(),
});

export class OrderShipped extends event('shop.OrderShipped', orderShipped) {}

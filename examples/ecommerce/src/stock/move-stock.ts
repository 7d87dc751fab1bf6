import { command } from '@diptych/core';
import { z } from 'zod';

const moveStock = z.object({
  productCode: z.string().min(1),
  change: z.int().refine((change) => change !== 0, 'Must not be zero'),
  cause: z.string(),
});

/** Sent by the shop to itself, once for each product of an order or return. */
export class MoveStock extends command('shop.MoveStock', moveStock) {}

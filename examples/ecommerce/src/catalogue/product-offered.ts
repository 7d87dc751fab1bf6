import { event } from '@diptych/core';
import { z } from 'zod';
import { amount } from '../money/money.js';

const productOffered = z.object({
  productCode: z.string(),
  name: z.string(),
  price: amount,
  offeredAt: z.iso.datetime(),
});

export class ProductOffered extends event('shop.ProductOffered', productOffered) {}

import { z } from 'zod';
import { amount } from '../money/money.js';
import { wellFormed } from './well-formed.js';

/** Bounded, so that sums of them stay exact as numbers. */
export const quantity = z
  .int('Must be a whole number')
  .min(-1_000_000_000, 'Must be at least -1,000,000,000')
  .max(1_000_000_000, 'Must be at most 1,000,000,000');

/** One product on an order or a return. Whether its figures make sense is for the slices to say. */
export const line = z.object({
  productCode: wellFormed.min(1).max(50),
  description: wellFormed.max(500),
  quantity,
  /** What one of them costs. */
  price: amount,
});

export type Line = z.infer<typeof line>;

export const lines = z.array(line).min(1, 'Must have a line at least').max(10_000).readonly();

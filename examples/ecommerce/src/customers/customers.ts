import { query } from '@diptych/core';
import { z } from 'zod';
import { customerSummary } from './customer.js';

const asked = z.strictObject({
  /** How many at most. */
  limit: z.int().min(1).max(1000).default(100),
  /** Where an earlier page ended: its `next`. */
  after: z.string().optional(),
});

const answer = z.object({ customers: z.array(customerSummary), next: z.string().optional() });

/** All customers by their number, for operators. */
export class Customers extends query('shop.Customers', asked, { examples: [{}, { limit: 5 }] }).returns(
  answer,
) {}

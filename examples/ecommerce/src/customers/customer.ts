import { query } from '@diptych/core';
import { z } from 'zod';
import { identifier } from '../lines/identifier.js';

const asked = z.strictObject({ customerId: identifier });

export const customerSummary = z.object({
  customerId: z.string(),
  countries: z.array(z.string()),
  firstOrderAt: z.string().optional(),
  lastOrderAt: z.string().optional(),
  /** How many were placed, cancelled ones included. */
  placed: z.int(),
});

const answer = customerSummary.extend({
  /** The products that the customer has most of, at most 50. */
  bought: z.array(z.object({ productCode: z.string(), description: z.string(), quantity: z.int() })),
});

/** Who a customer is and what it bought; `null` for one of whom nothing is known. */
export class Customer extends query('shop.Customer', asked, {
  examples: [{ customerId: '17850' }, { customerId: 17850 }],
}).returns(answer.nullable()) {}

import { z } from 'zod';

/**
 * An id in a query. In an address `?customerId=17850` reads as a number, so that numbers are taken too.
 */
export const identifier = z
  .union([z.string(), z.int().nonnegative().transform(String)])
  .pipe(z.string().min(1).max(100));

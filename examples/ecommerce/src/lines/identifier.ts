import { z } from 'zod';
import { wellFormed } from './well-formed.js';

/**
 * An id in a query. In an address `?customerId=17850` reads as a number, so that numbers are taken too.
 */
export const identifier = z
  .union([z.string(), z.int().nonnegative().transform(String)])
  .pipe(wellFormed.min(1).max(100));

import { badRequest } from '../cosmos-error.js';

/** Does the work. Throws for a query that is nested deeper than the stack of this process allows. */
export function refusingDepth<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw badRequest('The query is nested too deeply.');
    throw error;
  }
}

import { isDiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { Caller } from './identity.js';
import { UnauthenticatedError } from './request-errors.js';

/**
 * Runs what the app does with a message that fits its schema, and reads its errors as the caller must: whoever
 * is refused without having said who it is may say so now, and another message that does not fit its schema is
 * a fault of the program.
 */
export async function fromApp<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDiptychError(error, 'forbidden') && caller.subject.id === '') {
      throw new UnauthenticatedError(undefined, { cause: error });
    }
    if (isDiptychError(error, 'invalid-message')) {
      const fault = new ProgrammingError('invalid-message-inside', error.message, error.details);
      fault.cause = error;
      throw fault;
    }
    throw error;
  }
}

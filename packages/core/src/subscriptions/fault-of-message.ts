import { isDiptychError } from '../errors/diptych-error.js';

/**
 * Whether an error is a fault of the message, which parks it, and not one of a store or transport, which pauses the
 * partition. A handler that takes too long is at fault itself; a copy that is still being handled elsewhere is not
 * a fault at all, and is waited for.
 */
export function isFaultOfMessage(error: unknown): boolean {
  if (!isDiptychError(error)) return true;
  if (error.code === 'time-limit') return true;
  if (error.code === 'command-in-progress') return false;
  return error.origin !== 'infrastructure';
}

import { requestFailure } from './request-failure.js';

/**
 * The SDK looks first, and then makes what is not there: of processes that start together all but one are told that it is
 * there by now. These look again.
 */
export async function madeOnce<Made>(createIfNotExists: () => Promise<Made>): Promise<Made> {
  try {
    return await createIfNotExists();
  } catch (error) {
    if (requestFailure(error).status !== 409) throw error;
    return createIfNotExists();
  }
}

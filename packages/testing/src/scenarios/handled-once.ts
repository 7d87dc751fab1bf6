import type { HandlerSourceOrRegistration } from '@diptych/core';
import { registrationIn } from '../app/known-messages.js';

/** The same handler without a retry policy of its own: in a scenario time stands still, so pauses would not end. */
export function handledOnce(handler: HandlerSourceOrRegistration): HandlerSourceOrRegistration {
  const registration = registrationIn(handler);
  return registration !== undefined && 'retry' in registration
    ? { ...registration, retry: undefined }
    : handler;
}

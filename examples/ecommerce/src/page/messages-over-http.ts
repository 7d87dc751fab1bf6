import type { App } from '@diptych/core';
import { httpHandler } from '@diptych/core/http';
import { developmentIdentity, identityHeader } from '../identity/development-identity.js';

// #region http
/** Commands and queries over HTTP, on behalf of whoever the page says. `onError` hears of faults of the program. */
export function messagesOverHttp(
  app: Pick<App, 'commands' | 'queries' | 'messages'>,
  onError: (text: string) => void,
): (request: Request) => Promise<Response> {
  return httpHandler({
    app,
    identify: developmentIdentity,
    varyBy: [identityHeader],
    challenge: identityHeader,
    onError: (error, { method, path }) => onError(`${method} ${path} failed: ${String(error)}\n`),
  });
}
// #endregion

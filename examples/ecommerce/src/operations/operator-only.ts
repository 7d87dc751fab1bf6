import { UnauthenticatedError } from '@diptych/core/http';
import type { MiddlewareHandler } from 'hono';
import { developmentIdentity, identityHeader } from '../identity/development-identity.js';
import { operatorRole } from '../identity/policies.js';
import { problem } from './problem.js';

/** Lets operators through and nobody else. They say who they are by the header that commands and queries use. */
export const operatorOnly: MiddlewareHandler = async ({ req }, next) => {
  const caller = await callerOf(req.raw);
  if (caller === undefined) {
    const answer = problem(401, 'unauthenticated', `Say who you are by the header '${identityHeader}'.`);
    answer.headers.set('WWW-Authenticate', identityHeader);
    return answer;
  }
  if (!caller.subject.roles.includes(operatorRole))
    return problem(403, 'forbidden', 'Only operators may see and do this.');
  await next();
};

async function callerOf(request: Request) {
  try {
    return await developmentIdentity(request);
  } catch (error) {
    if (error instanceof UnauthenticatedError) return undefined;
    throw error;
  }
}

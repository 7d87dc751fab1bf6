import { badRequest, unauthorized } from '../errors/service-bus-error.js';
import type { Claim, SharedAccessKeys } from './shared-access-keys.js';

export interface PutToken {
  readonly audience: string;
  readonly claim: Claim;
}

/** Reads a request that brings a token. Throws `unauthorized-access` for one that allows nothing here. */
export function readPutToken(
  keys: SharedAccessKeys,
  properties: Readonly<Record<string, unknown>>,
  body: unknown,
): PutToken {
  const { operation, name, type } = properties;
  if (operation !== 'put-token') throw badRequest(`There is no operation '${String(operation)}' of $cbs.`);
  if (typeof name !== 'string' || typeof body !== 'string') throw badRequest('A token needs its audience.');
  if (type !== 'servicebus.windows.net:sastoken') {
    throw unauthorized(
      `A token of the type '${String(type)}' cannot be checked here; use a shared access key.`,
    );
  }
  return { audience: name, claim: keys.claimOf(body) };
}

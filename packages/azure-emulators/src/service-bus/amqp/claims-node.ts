import { readPutToken } from '../access/put-token.js';
import type { Claim, SharedAccessKeys } from '../access/shared-access-keys.js';
import { assertLeadsSomewhere } from '../entities/locate.js';
import type { Namespace } from '../entities/namespace.js';
import type { RequestHandler } from './request-link.js';

/** HTTP's codes for the conditions of errors; anything else is a bad request. */
const statusCodes: Readonly<Record<string, number>> = {
  'amqp:not-found': 404,
  'amqp:unauthorized-access': 401,
};

/** What the claims of a connection are about. */
export interface ClaimsNodeOptions {
  readonly namespace: Namespace;
  readonly keys: SharedAccessKeys;
  readonly claims: Map<string, Claim>;
}

/**
 * The node `$cbs`: clients put their tokens there before they open a link. It is also where they learn that an entity
 * does not exist: the SDK takes the refusal of a link with a session for one that is in other hands.
 */
export function claimsNode({ namespace, keys, claims }: ClaimsNodeOptions): RequestHandler {
  const status = (code: number, description: string) => ({
    applicationProperties: { 'status-code': code, 'status-description': description },
  });
  return {
    answer({ applicationProperties, body }) {
      const { audience, claim } = readPutToken(keys, applicationProperties, body);
      assertLeadsSomewhere(namespace, audience);
      claims.set(audience, claim);
      return status(202, 'Accepted');
    },
    refusal: ({ condition, description }) => status(statusCodes[condition] ?? 400, description),
  };
}

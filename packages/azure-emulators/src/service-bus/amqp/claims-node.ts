import { readPutToken } from '../access/put-token.js';
import type { Claim, SharedAccessKeys } from '../access/shared-access-keys.js';
import type { RequestHandler } from './request-link.js';

/** The node `$cbs`: clients put their tokens there before they open a link. */
export function claimsNode(keys: SharedAccessKeys, claims: Map<string, Claim>): RequestHandler {
  const status = (code: number, description: string) => ({
    applicationProperties: { 'status-code': code, 'status-description': description },
  });
  return {
    answer({ applicationProperties, body }) {
      const { audience, claim } = readPutToken(keys, applicationProperties, body);
      claims.set(audience, claim);
      return status(202, 'Accepted');
    },
    refusal: ({ condition, description }) =>
      status(condition === 'amqp:unauthorized-access' ? 401 : 400, description),
  };
}

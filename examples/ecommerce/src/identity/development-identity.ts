import { type Identify, UnauthenticatedError } from '@diptych/core/http';
import { operatorRole } from './policies.js';

/** The header by which the page says on whose behalf it asks: a customer's number, or `operator`. */
export const identityHeader = 'Shop-Identity';

// #region identify
/**
 * Believes whoever calls, so it is for a shop that listens on loopback alone. A header of our own, and no cookie,
 * so that a page of another site cannot make a browser send it.
 */
export const developmentIdentity: Identify = ({ headers }) => {
  const id = headers.get(identityHeader)?.trim() ?? '';
  if (id === '') return undefined;
  if (!/^[\w.-]{1,50}$/.test(id) || id === 'system') {
    throw new UnauthenticatedError(`'${identityHeader}' must be a customer's number or '${operatorRole}'.`);
  }
  return { subject: { id, roles: [id === operatorRole ? operatorRole : 'customer'] } };
};
// #endregion

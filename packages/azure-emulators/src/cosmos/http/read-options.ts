import { badRequest } from '../cosmos-error.js';
import type { ItemContainer } from '../items/item-container.js';
import { lsnIn } from '../sessions/session-token.js';
import type { CosmosRequest } from './cosmos-request.js';

const standardPage = 100;
const largestPage = 1000;

/** -1 leaves it to the service. */
export function mostResultsIn(request: CosmosRequest): number {
  const asked = Number(request.header('x-ms-max-item-count') ?? standardPage);
  if (!Number.isInteger(asked) || asked < -1 || asked === 0) {
    throw badRequest('The number of items on a page must be a whole number above 0, or -1.');
  }
  return asked === -1 ? largestPage : Math.min(asked, largestPage);
}

const levels = ['Session', 'ConsistentPrefix', 'Eventual'];

/**
 * The write that a read sees as the last one: that to which the replica furthest behind has come, or that of the
 * session token.
 */
export function visibleLsn(request: CosmosRequest, container: ItemContainer): number {
  const level = request.header('x-ms-consistency-level') ?? 'Session';
  if (!levels.includes(level)) {
    throw badRequest(`The consistency level ${level} is not one of an account whose default is Session.`);
  }
  const token = level === 'Session' ? request.header('x-ms-session-token') : undefined;
  return Math.max(container.replicatedLsn, token === undefined ? 0 : lsnIn(token, container.lsn));
}

/** Throws for a part of the one range that there is: it would need the hashes of all keys. */
export function refusePartOfRange(request: CosmosRequest): void {
  const [start = '', end = 'FF'] = ['x-ms-start-epk', 'x-ms-end-epk'].map((name) => request.header(name));
  if (start !== '' || end !== 'FF')
    throw badRequest('A part of a range of partition keys cannot be read here.');
}

import { badRequest, readSessionNotAvailable } from '../cosmos-error.js';

/** The one range of partition keys that a container has here. */
export const onlyRange = '0';

/** How far a container was when it answered, as clients keep it: `0:-1#5`. */
export const sessionTokenOf = (lsn: number) => `${onlyRange}:-1#${lsn}`;

/**
 * The number of the last write that a client has seen; 0 for a token of other ranges alone. Throws for what is no
 * token, and for one of a write that the container does not have.
 */
export function lsnIn(token: string, lastLsn: number): number {
  let lsn = 0;
  for (const part of token.split(',')) {
    const [, range, seen] = /^\s*([^:]+):-?\d+#(\d+)(?:#\d+=-?\d+)*\s*$/.exec(part) ?? [];
    if (seen === undefined) throw badRequest(`The session token provided '${token}' is invalid.`);
    if (range === onlyRange) lsn = Math.max(lsn, Number(seen));
  }
  if (lsn > lastLsn) throw readSessionNotAvailable();
  return lsn;
}

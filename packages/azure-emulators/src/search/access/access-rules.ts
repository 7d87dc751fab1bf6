import { timingSafeEqual } from 'node:crypto';
import { forbidden, unauthorized } from '../search-error.js';

/** Who may do what. */
export interface AccessRules {
  /** May do all. */
  readonly key: string;
  /** May search and look up documents. */
  readonly queryKey: string;
  /** Bearer tokens, each of which may do all. */
  readonly tokens: readonly string[];
}

export interface Credentials {
  readonly apiKey: string | undefined;
  readonly authorization: string | undefined;
}

/** Throws for who may not do this. A key goes before a token, as with the service. */
export function checkAccess(
  rules: AccessRules,
  { apiKey, authorization }: Credentials,
  isReading: boolean,
): void {
  if (apiKey !== undefined) {
    if (isSame(apiKey, rules.key)) return;
    if (!isSame(apiKey, rules.queryKey))
      throw forbidden('Access denied: the api-key is not one of this service.');
    if (!isReading) throw forbidden('Access denied: a query key can only read documents.');
    return;
  }
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized('There is neither an api-key nor a bearer token.');
  if (!rules.tokens.some((one) => isSame(one, token))) throw unauthorized('The bearer token is not valid.');
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

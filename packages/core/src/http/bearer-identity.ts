import { isDiptychError } from '../errors/diptych-error.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { Identify, Identity } from './identity.js';
import { UnauthenticatedError } from './request-errors.js';

/** Checks a token and tells who its bearer is; `undefined` for one that is not good. */
export type VerifyToken = (
  token: string,
  request: Request,
) => Identity | undefined | Promise<Identity | undefined>;

/**
 * An `identify` for `Authorization: Bearer …`. Without that header the caller is nobody in particular; with one
 * that is not good the answer is 401. The check itself is yours, with a maintained JOSE library:
 *
 * ```ts
 * import { createRemoteJWKSet, jwtVerify } from 'jose';
 *
 * const keys = createRemoteJWKSet(new URL('https://login.example/keys'));
 * const identify = bearerIdentity(async (token) => {
 *   const { payload } = await jwtVerify(token, keys, {
 *     issuer: 'https://login.example',
 *     audience: 'shop',
 *     algorithms: ['RS256'],
 *     requiredClaims: ['sub', 'exp'],
 *   });
 *   return { subject: { id: payload.sub ?? '', roles: (payload['roles'] as string[] | undefined) ?? [] } };
 * });
 * ```
 *
 * What `jose` throws about a token is 401. Anything else that `verify` throws (the keys cannot be had, say) is
 * 503, for the token may well be good.
 */
export function bearerIdentity(verify: VerifyToken): Identify {
  return async (request) => {
    const header = request.headers.get('authorization');
    if (header === null) return undefined;
    const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1];
    if (token === undefined) throw refused();
    const identity = await verified(verify, token, request);
    if (identity === undefined || identity.subject.id === '') throw refused();
    return identity;
  };
}

async function verified(verify: VerifyToken, token: string, request: Request): Promise<Identity | undefined> {
  try {
    return await verify(token, request);
  } catch (cause) {
    if (isDiptychError(cause)) throw cause;
    if (isTokenFault(cause)) throw refused(cause);
    throw new UnavailableError('The bearer token could not be checked.', cause);
  }
}

function refused(cause?: unknown): UnauthenticatedError {
  return new UnauthenticatedError('The bearer token is not good.', {
    challenge: 'Bearer error="invalid_token"',
    cause,
  });
}

// jose's codes for faults of the token; its others speak of keys that could not be fetched or read.
const tokenFaults = /^ERR_((JWT|JWS|JWE)_\w+|JWKS_NO_MATCHING_KEY|JOSE_(ALG_NOT_ALLOWED|NOT_SUPPORTED))$/;

function isTokenFault(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    tokenFaults.test(error.code)
  );
}

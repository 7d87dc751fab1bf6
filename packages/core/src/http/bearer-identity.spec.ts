import { describe, expect, it } from 'vitest';
import { bearerIdentity, type VerifyToken } from './bearer-identity.js';

const request = (authorization?: string) =>
  new Request('http://shop.test/', authorization === undefined ? {} : { headers: { authorization } });
const alice = { subject: { id: 'alice', roles: [] } };
const joseError = (code: string) => Object.assign(new Error('secret'), { code });
const throwing =
  (error: unknown): VerifyToken =>
  () => {
    throw error;
  };

describe('bearerIdentity', () => {
  it('knows the bearer of a good token, and nobody without one', async () => {
    const tokens: string[] = [];
    const identify = bearerIdentity((token) => {
      tokens.push(token);
      return alice;
    });
    expect(await identify(request('bearer aa.bb-c_.d=='))).toBe(alice);
    expect(await identify(request())).toBeUndefined();
    expect(tokens).toEqual(['aa.bb-c_.d==']);
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer a,b', 'token'])(
    'refuses the credentials %j, which it cannot read, rather than taking the caller for nobody',
    async (header) => {
      await expect(bearerIdentity(() => alice)(request(header))).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    },
  );

  it.each([
    ['what verify does not know', () => undefined],
    ['a token of nobody', () => ({ subject: { id: '', roles: [] } })],
    ['an expired token', throwing(joseError('ERR_JWT_EXPIRED'))],
    ['a wrong signature', throwing(joseError('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'))],
    ['an unknown key', throwing(joseError('ERR_JWKS_NO_MATCHING_KEY'))],
  ])('refuses %s with a challenge', async (_what, verify) => {
    await expect(bearerIdentity(verify)(request('Bearer t'))).rejects.toMatchObject({
      code: 'unauthenticated',
      challenge: 'Bearer error="invalid_token"',
    });
  });

  it.each([joseError('ERR_JWKS_TIMEOUT'), joseError('ERR_JOSE_GENERIC'), new TypeError('fetch failed')])(
    'does not blame the token when the keys cannot be had: %s',
    async (error) => {
      const identify = bearerIdentity(throwing(error));
      await expect(identify(request('Bearer t'))).rejects.toMatchObject({ code: 'unavailable' });
    },
  );
});

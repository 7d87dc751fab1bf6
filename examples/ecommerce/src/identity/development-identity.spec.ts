import { describe, expect, it } from 'vitest';
import { developmentIdentity } from './development-identity.js';

const asks = (identity?: string) =>
  new Request('http://127.0.0.1/', identity === undefined ? {} : { headers: { 'Shop-Identity': identity } });

describe('the development identity', () => {
  it('is the customer that the header names', async () => {
    expect(await developmentIdentity(asks('17850'))).toEqual({
      subject: { id: '17850', roles: ['customer'] },
    });
  });

  it('is nobody without the header', async () => {
    expect(await developmentIdentity(asks())).toBeUndefined();
  });

  it('may be the operator', async () => {
    expect(await developmentIdentity(asks('operator'))).toEqual({
      subject: { id: 'operator', roles: ['operator'] },
    });
  });

  it.each(['system', 'a b', 'x'.repeat(51)])('promise 9: is never %s', (identity) => {
    expect(() => developmentIdentity(asks(identity))).toThrow(
      expect.objectContaining({ code: 'unauthenticated' }),
    );
  });
});

import type { PolicyContext } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { sameCustomer, sameOrNoCustomer } from './policies.js';

const asks = (id: string, ...roles: string[]): PolicyContext => ({
  subject: { id, roles },
  tenant: 'default',
  name: 'shop.OrdersByCustomer',
  id: 'm1',
});

describe('promise 9: whose orders one may see and place', () => {
  it('one’s own', () => {
    expect(sameCustomer.allows({ customerId: '17850' }, asks('17850', 'customer'))).toBe(true);
  });

  // #region refused
  it('not those of another', () => {
    expect(sameCustomer.allows({ customerId: '17850' }, asks('12583', 'customer'))).toBe(false);
    expect(sameOrNoCustomer.allows({ customerId: '17850' }, asks('12583', 'customer'))).toBe(false);
  });
  // #endregion

  it('none, for somebody who did not say who it is', () => {
    expect(sameCustomer.allows({ customerId: '' }, asks(''))).toBe(false);
    expect(sameOrNoCustomer.allows({ customerId: '' }, asks(''))).toBe(false);
  });

  it('all, for an operator and for the program itself', () => {
    expect(sameCustomer.allows({ customerId: '17850' }, asks('jo', 'operator'))).toBe(true);
    expect(sameCustomer.allows({ customerId: '17850' }, asks('system', 'system'))).toBe(true);
  });

  it('a command that names no customer comes as far as the domain, which refuses it', () => {
    expect(sameOrNoCustomer.allows({ customerId: '' }, asks('17850', 'customer'))).toBe(true);
  });
});

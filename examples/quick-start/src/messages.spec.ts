import { decodeMessage, event } from '@diptych/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Deposit } from './accounts.js';

test('what does not fit its schema is no message', () => {
  // #region invalid
  expect(() => new Deposit({ account: 'ada', cents: -5 })).toThrow(
    expect.objectContaining({
      code: 'invalid-message',
      details: { wireName: 'bank.Deposit', faults: expect.anything() },
    }),
  );
  // #endregion
});

// #region upcast
// Version 1 had `amount` in whole units; what is stored of it stays as it is, and is lifted when it is read.
const booking = z.object({ account: z.string(), cents: z.int() });
class Deposited extends event('bank.Deposited', booking, {
  version: 2,
  upcast: [({ amount, ...rest }: { account: string; amount: number }) => ({ ...rest, cents: amount * 100 })],
}) {}

test('an event of an older version is lifted when it is read', () => {
  const stored = { name: 'bank.Deposited', schemaVersion: 1, data: '{"account":"ada","amount":5}' };
  expect(decodeMessage(Deposited, stored)).toEqual(new Deposited({ account: 'ada', cents: 500 }));
});
// #endregion

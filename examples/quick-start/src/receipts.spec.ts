import { testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { BalanceOf, Deposit, handlers } from './accounts.js';

const subject = { id: 'ada', roles: [] };
const deposit = new Deposit({ account: 'ada', cents: 500 });

// #region late
test('promise 5: with the read model a second late, only a query with the receipt sees the deposit', async () => {
  const bank = await testApp({ handlers });
  bank.operations.control('balances/v1').delay(1_000);
  const { consistency } = await bank.commands.dispatch(deposit, { subject });

  const balance = new BalanceOf({ account: 'ada' });
  expect(await bank.queries.execute(balance, { subject })).toBe(0);
  const fresh = bank.queries.execute(balance, { subject, after: consistency });
  await bank.advance(1_000);
  expect(await fresh).toBe(500);
  await bank.stop();
});
// #endregion

// #region too-late
test('promise 5: a query waits no longer than it is told, and says that the command succeeded', async () => {
  const bank = await testApp({ handlers });
  bank.operations.control('balances/v1').pause();
  const { consistency } = await bank.commands.dispatch(deposit, { subject });

  const asked = bank.queries.execute(new BalanceOf({ account: 'ada' }), {
    subject,
    after: consistency,
    afterTimeoutInMs: 200,
  });
  const failed = expect(asked).rejects.toMatchObject({
    code: 'after-timeout',
    retryable: true,
    details: { subscription: 'balances/v1', commandSucceeded: true },
  });
  await bank.advance(200);
  await failed;
  await bank.stop();
});
// #endregion

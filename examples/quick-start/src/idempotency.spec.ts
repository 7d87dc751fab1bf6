import { testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { Deposit, Deposited, handlers } from './accounts.js';

const subject = { id: 'ada', roles: [] };
const deposit = new Deposit({ account: 'ada', cents: 500 });

// #region same-id
test('promise 4: the same id, also at the same time, is one deposit and one receipt', async () => {
  const bank = await testApp({ handlers });
  const [first, copy] = await Promise.all([
    bank.commands.dispatch(deposit, { id: 'transfer-17', subject }),
    bank.commands.dispatch(deposit, { id: 'transfer-17', subject }),
  ]);
  expect(copy).toEqual(first);
  expect(await bank.commands.dispatch(deposit, { id: 'transfer-17', subject })).toEqual(first);
  expect(await bank.recorded.events(Deposited)).toHaveLength(1);
  await bank.stop();
});
// #endregion

// #region own-key
test('promise 4: a key of the caller’s own counts for that caller, and for the same data', async () => {
  const bank = await testApp({ handlers });
  const key = { idempotencyKey: 'monday' };
  await bank.commands.execute(deposit, { ...key, subject });
  await bank.commands.execute(deposit, { ...key, subject: { id: 'bob', roles: [] } });
  expect(await bank.recorded.events(Deposited)).toHaveLength(2);

  const other = new Deposit({ account: 'ada', cents: 900 });
  await expect(bank.commands.execute(other, { ...key, subject })).rejects.toMatchObject({
    code: 'idempotency-mismatch',
  });
  await bank.stop();
});
// #endregion

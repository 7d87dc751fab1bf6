import { authenticated, defineProjection, queryHandler, readModel } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock, testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { BalanceOf, Deposit, Deposited, handlers } from './accounts.js';

const subject = { id: 'ada', roles: [] };
const deposit = (cents: number) => new Deposit({ account: 'ada', cents });
const balance = new BalanceOf({ account: 'ada' });

// #region rebuild
test('promise 7: a read model is made again from the journal while the old copy serves', async () => {
  const bank = await testApp({ handlers });
  for (const cents of [100, 200]) await bank.commands.execute(deposit(cents), { subject });
  await bank.settled();

  await bank.operations.rebuilds.start('balances');
  expect(await bank.operations.rebuilds.progress()).toMatchObject([
    { copy: { model: 'balances', version: 1, generation: 2 }, done: 0, total: 2, blockedBy: [] },
  ]);
  expect(await bank.queries.execute(balance, { subject })).toBe(300);

  // The old copy comes to a standstill, the new one catches up and takes its place: a few looks, a second apart.
  for (let second = 0; second < 4; second += 1) {
    await bank.advance(1_000);
    await bank.settled();
  }
  expect(await bank.operations.rebuilds.progress()).toEqual([]);
  expect(bank.operations.subscriptions).toContain('balances/v1/g2');
  expect(await bank.queries.execute(balance, { subject })).toBe(300);
  await bank.stop();
});
// #endregion

// #region versions
// The next build of the program counts the deposits, so its projection has another version.
const balances = defineProjection<{ cents: number; deposits: number }>({ name: 'balances', version: 2 }).on(
  Deposited,
  ({ account }) => account,
  ({ cents }, before) => ({ cents: (before?.cents ?? 0) + cents, deposits: (before?.deposits ?? 0) + 1 }),
);
const balanceOf = queryHandler(
  BalanceOf,
  { authorize: authenticated, inject: [readModel(balances)] },
  async ({ account }, _context, model) => (await model.get(account))?.deposits ?? 0,
);

test('promise 7: two builds run side by side, each with its own version', async () => {
  const clock = new FakeClock();
  const database = memoryDatabase({ clock });
  const today = await testApp({ handlers, database, clock, transport: false });
  await today.commands.execute(deposit(100), { subject });
  const tomorrow = await testApp({ handlers: [balances, balanceOf], database, clock, transport: false });
  const { consistency: after } = await today.commands.dispatch(deposit(200), { subject });
  await Promise.all([today.settled(), tomorrow.settled()]);

  expect(await today.queries.execute(balance, { subject, after })).toBe(300);
  expect(await tomorrow.queries.execute(balance, { subject, after })).toBe(2);

  await today.stop();
  expect(await tomorrow.operations.rebuilds.dropVersion('balances', 1)).toBe(1);
  await tomorrow.stop();
});
// #endregion

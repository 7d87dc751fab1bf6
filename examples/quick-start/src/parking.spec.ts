import { authenticated, defineProjection, query, queryHandler, readModel } from '@diptych/core';
import { testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Deposit, Deposited, handlers } from './accounts.js';

const subject = { id: 'ada', roles: [] };
const deposit = (account: string, cents: number) => new Deposit({ account, cents });

class LargestOf extends query('bank.LargestOf', z.object({ account: z.string() })).returns<number>() {}

/** The bank with a projection that cannot take a certain sum in, for as long as `broken` says so. */
async function bankWithPoison() {
  const state = { broken: true };
  const largest = defineProjection<{ cents: number }>({ name: 'largest', version: 1 }).on(
    Deposited,
    ({ account }) => account,
    ({ cents }, before) => {
      if (state.broken && cents === 13) throw new Error('cannot take 13 in');
      return { cents: Math.max(cents, before?.cents ?? 0) };
    },
  );
  const largestOf = queryHandler(
    LargestOf,
    { authorize: authenticated, inject: [readModel(largest)] },
    async ({ account }, _context, model) => (await model.get(account))?.cents ?? 0,
  );
  const bank = await testApp({ handlers: [...handlers, largest, largestOf] });
  const largestIn = (account: string) => bank.queries.execute(new LargestOf({ account }), { subject });
  return { bank, state, largestIn };
}

// #region parked
test('promise 6: what cannot be handled holds up its own document, and no other', async () => {
  const { bank, largestIn } = await bankWithPoison();
  for (const cents of [7, 13, 40]) await bank.commands.execute(deposit('ada', cents), { subject });
  await bank.commands.execute(deposit('bob', 500), { subject });
  await expect(bank.settled()).rejects.toThrow('cannot take 13 in');

  expect([await largestIn('ada'), await largestIn('bob')]).toEqual([7, 500]);
  expect(await bank.operations.parked({ subscription: 'largest/v1' })).toMatchObject([
    { key: 'default/ada', state: 'held', failure: { message: 'cannot take 13 in', attempts: 1 } },
    { key: 'default/ada', state: 'waiting', failure: undefined },
  ]);
  await bank.stop();
});
// #endregion

// #region retry
test('promise 6: an operator has it tried again, and what waited behind it follows', async () => {
  const { bank, state, largestIn } = await bankWithPoison();
  for (const cents of [7, 13, 40]) await bank.commands.execute(deposit('ada', cents), { subject });
  await bank.settled().catch(() => undefined);

  state.broken = false; // a new version of the program, say
  const [head] = await bank.operations.parked({ state: 'held' });
  expect(await bank.operations.retry(head!)).toBe('requested');
  await bank.settled();
  expect(await largestIn('ada')).toBe(40);
  expect(await bank.operations.parked()).toEqual([]);
  await bank.stop();
});
// #endregion

test('promise 6: or discards it: the rest follows as if it had never been', async () => {
  const { bank, largestIn } = await bankWithPoison();
  for (const cents of [7, 13]) await bank.commands.execute(deposit('ada', cents), { subject });
  await bank.settled().catch(() => undefined);

  // #region discard
  const [head] = await bank.operations.parked({ state: 'held' });
  await bank.operations.discard(head!);
  await bank.settled();
  expect(await largestIn('ada')).toBe(7); // as if it had never been
  // #endregion
  expect(await bank.operations.parked()).toEqual([]);
  await bank.stop();
});

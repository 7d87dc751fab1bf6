import { createApp } from '@diptych/core';
import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { expect, test } from 'vitest';
import { BalanceOf, Deposit, handlers } from './accounts.js';

const subject = { id: 'ada', roles: [] };

// #region roles
test('promise 5: what one process writes, another one reads with the receipt', async () => {
  // Here both live in memory, as two processes would share one database and one broker.
  const program = { name: 'bank', handlers, database: memoryDatabase(), transport: memoryTransport() };
  const left = await createApp({ ...program, roles: ['commands', 'relay'] });
  const right = await createApp({ ...program, roles: ['projections', 'queries'] });
  await Promise.all([left.start(), right.start()]);

  const deposit = new Deposit({ account: 'ada', cents: 500 });
  const { consistency: after } = await left.commands.dispatch(deposit, { subject });
  expect(await right.queries.execute(new BalanceOf({ account: 'ada' }), { subject, after })).toBe(500);

  await expect(right.commands.execute(deposit, { subject })).rejects.toMatchObject({ code: 'role-absent' });
  expect(right.describe().limits).toHaveLength(2); // what another process must run
  await Promise.all([left.stop(), right.stop()]);
});
// #endregion

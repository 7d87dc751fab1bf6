import { httpHandler, UnauthenticatedError } from '@diptych/core/http';
import { testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { handlers } from './accounts.js';

// #region http
test('promise 5: over HTTP, a receipt goes from one header into the other', async () => {
  const bank = await testApp({ handlers });
  const http = httpHandler({
    app: bank.app,
    identify: ({ headers }) => {
      const id = headers.get('X-Account');
      if (id === 'nobody') throw new UnauthenticatedError('There is no such account.');
      return id === null ? undefined : { subject: { id, roles: [] } };
    },
    varyBy: ['X-Account'],
  });

  const deposited = await http(
    new Request('http://bank.example/commands/bank.Deposit', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'monday', 'X-Account': 'ada' },
      body: '{"account":"ada","cents":500}',
    }),
  );
  expect(deposited.status).toBe(200);

  const balance = http(
    new Request('http://bank.example/queries/bank.BalanceOf?account=ada', {
      headers: { 'Diptych-After': deposited.headers.get('Diptych-Consistency')!, 'X-Account': 'ada' },
    }),
  );
  await bank.settled();
  expect(await (await balance).json()).toBe(500);

  const nobody = await http(new Request('http://bank.example/queries/bank.BalanceOf?account=ada'));
  expect([nobody.status, await nobody.json()]).toEqual([
    401,
    expect.objectContaining({ code: 'unauthenticated' }),
  ]);
  await bank.stop();
});
// #endregion

import { commandScenario, inStream, projectionScenario, testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { BalanceOf, Balances, Deposit, Deposited, handlers, Withdraw, Withdrawn } from './accounts.js';

// #region tests
const deposited = new Deposited({ account: 'ada', cents: 500 });
const withdraw = (cents: number) => new Withdraw({ account: 'ada', cents });

test('a withdrawal is booked, but never more than there is', async () => {
  const given = commandScenario({ handlers }).given(inStream('ada', deposited));
  await given.when(withdraw(200)).thenEvents(new Withdrawn({ account: 'ada', cents: 200 }));
  await given.when(withdraw(501)).thenFails('overdrawn');
});
// #endregion

// #region projection-test
test('the balance is right whatever is delivered twice', async () => {
  const given = projectionScenario(Balances).given(deposited, new Withdrawn({ account: 'ada', cents: 200 }));
  await given.everyEventTwice().thenDocuments({ ada: { cents: 300 } });
});
// #endregion

// #region whole-way
test('the whole way, from command to query', async () => {
  const subject = { id: 'ada', roles: [] };
  const bank = await testApp({ handlers });
  await bank.commands.execute(new Deposit({ account: 'ada', cents: 500 }), { subject });
  await bank.settled();
  expect(await bank.queries.execute(new BalanceOf({ account: 'ada' }), { subject })).toBe(500);
  await bank.stop();
});
// #endregion

import { type Behavior, isDiptychError, RefusedError } from '@diptych/core';
import { commandScenario, testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { Deposit, Deposited, handlers, Withdraw } from './accounts.js';

// #region behavior
/** No withdrawals while the tills are counted. */
function closedDuring(isCounting: () => boolean): Behavior {
  return {
    name: 'closed-during-count',
    // Asked once for each handler, at start. Where there is nothing to do it gives `next`, which then costs nothing.
    wrap(next, { message }) {
      if (message !== Withdraw) return next;
      return async (command, context) => {
        if (isCounting()) throw new RefusedError('counting', 'The tills are being counted.');
        return next(command, context);
      };
    },
  };
}
// #endregion

// #region behavior-test
test('nobody withdraws while the tills are counted; everybody may deposit', async () => {
  const commands = { behaviors: [closedDuring(() => true)] };
  const scenario = commandScenario({ handlers, commands });
  await scenario.when(new Withdraw({ account: 'ada', cents: 1 })).thenFails('counting');
  await scenario
    .when(new Deposit({ account: 'ada', cents: 1 }))
    .thenEvents(new Deposited({ account: 'ada', cents: 1 }));
});
// #endregion

test('it stands in the pipeline of that one command, where describe() shows it', async () => {
  const bank = await testApp({ handlers, commands: { behaviors: [closedDuring(() => false)] } });
  const behaviorsOf = (name: string) =>
    bank.describe().commands.find((command) => command.name === name)?.behaviors;
  expect(behaviorsOf('bank.Withdraw')).toContain('closed-during-count');
  expect(behaviorsOf('bank.Deposit')).not.toContain('closed-during-count');
  const refused = await bank.commands
    .execute(new Withdraw({ account: 'ada', cents: 1 }), { subject: { id: 'ada', roles: [] } })
    .catch((error: unknown) => error);
  expect(isDiptychError(refused, 'overdrawn')).toBe(true);
  await bank.stop();
});

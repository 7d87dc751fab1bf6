import { command, commandHandler, eventHandler, internal } from '@diptych/core';
import { dueIn, eventHandlerScenario, testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Deposit, Deposited, handlers } from './accounts.js';

// #region event-handler
class SendStatement extends command('bank.SendStatement', z.object({ account: z.string() })) {}

const large = 1_000_000;
const inAWeek = 7 * 24 * 60 * 60 * 1_000;

// Something has happened, so something else is to be done: commands leave with the handler's transaction.
const watchDeposits = eventHandler(Deposited, { name: 'watch' }, ({ account, cents }, { session }) => {
  if (cents < large) return;
  session.send(new SendStatement({ account }), { key: account });
  session.schedule(new SendStatement({ account }), { in: inAWeek, key: account });
});
// #endregion

// #region prepare
const posted: string[] = [];
const post = { write: async (account: string) => `letter to ${account}` };

const sendStatement = commandHandler(
  SendStatement,
  {
    authorize: internal,
    // Other systems are called here, before the session is open. It may run again; the session's work happens once.
    prepare: ({ account }) => post.write(account),
  },
  (_command, { prepared, session }) => session.afterCommit(() => void posted.push(prepared)),
);
// #endregion

const subject = { id: 'ada', roles: [] };

// #region schedule
test('promise 4: a statement goes out at once, and another one a week later', async () => {
  const bank = await testApp({ handlers: [...handlers, watchDeposits, sendStatement] });
  await bank.commands.execute(new Deposit({ account: 'ada', cents: large }), { subject });
  await bank.settled();
  expect(posted).toEqual(['letter to ada']);

  await bank.advance(inAWeek);
  await bank.settled();
  expect(posted).toHaveLength(2);
  await bank.stop();
});
// #endregion

// #region scenario
test('a large deposit is answered at once, and again in a week', async () => {
  const sent = new SendStatement({ account: 'ada' });
  const scenario = eventHandlerScenario({ handlers: [watchDeposits], messages: [SendStatement] });
  const deposited = scenario.when(new Deposited({ account: 'ada', cents: large }));
  await deposited.thenSent(sent);
  await deposited.thenScheduled(dueIn(inAWeek, sent));
  await scenario.when(new Deposited({ account: 'ada', cents: 1 })).thenNothing();
});
// #endregion

test('what is sent runs on behalf of whoever caused it, and says so', async () => {
  const bank = await testApp({ handlers: [...handlers, watchDeposits, sendStatement] });
  await bank.commands.execute(new Deposit({ account: 'ada', cents: large }), { subject });
  await bank.settled();
  const [sent] = (await bank.recorded.entries()).filter(({ kind }) => kind === 'command');
  expect(sent?.subject).toEqual({ ...subject, delegated: true });
  await bank.stop();
});

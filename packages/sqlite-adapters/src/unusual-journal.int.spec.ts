import { copyFileSync, rmSync } from 'node:fs';
import {
  type AppendToStream,
  anyone,
  command,
  commandHandler,
  defineProjection,
  event,
  positionAt,
  query,
  queryHandler,
  readModel,
} from '@diptych/core';
import { FakeClock, type TestApp, testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventNamed } from './fixtures/messages.js';
import { temporaryFile } from './fixtures/temporary-file.js';
import { type SqliteDatabase, sqliteDatabase } from './sqlite-database.js';

const amount = z.object({ account: z.string(), cents: z.int() });
class Deposit extends command('bank.Deposit', amount) {}
class Deposited extends event('bank.Deposited', amount) {}
class BalanceOf extends query('bank.BalanceOf', z.object({ account: z.string() })).returns<number>() {}

const deposit = commandHandler(Deposit, { authorize: anyone }, (data, { session }) => {
  session.append(`account-${data.account}`, 'any', [new Deposited(data)]);
});
const balances = defineProjection<{ cents: number }>({ name: 'balances', version: 1 }).on(
  Deposited,
  ({ account }) => account,
  ({ cents }, before) => ({ cents: (before?.cents ?? 0) + cents }),
);
const balanceOf = queryHandler(
  BalanceOf,
  { authorize: anyone, inject: [readModel(balances)] },
  async ({ account }, _context, model) => (await model.get(account))?.cents ?? 0,
);

const clock = new FakeClock();
const open = (path: string) => sqliteDatabase({ path, clock });

function deposited(account: string, cents: unknown): AppendToStream {
  const appended = eventNamed(`account-${account}`, JSON.stringify({ account, cents }));
  return { ...appended, events: appended.events.map((one) => ({ ...one, name: 'bank.Deposited' })) };
}

/** What lies in the file, whoever may read it. */
function storedIn({ readModels }: SqliteDatabase, account: string): Promise<unknown> {
  const copy = { model: 'balances', version: 1, generation: 1 };
  return readModels.open(balances.definition, copy, 'default').get(account);
}

/** An app whose journal lies in one file, and its read models and checkpoints in another. */
function bank(journal: SqliteDatabase, reads: SqliteDatabase): Promise<TestApp> {
  const { writeStore, reader } = journal;
  const { subscriptions, readModels } = reads;
  return testApp({
    handlers: [deposit, balances, balanceOf],
    database: { writeStore, reader, subscriptions, readModels },
    clock,
  });
}

test('promise 2: an older journal beside newer read models stops the projection, and a rebuild makes it right', async () => {
  const [path, copy] = [temporaryFile(), temporaryFile()];
  let journal = await open(path);
  const reads = await open(temporaryFile());
  let app = await bank(journal, reads);
  const put = (cents: number) => app.commands.dispatch(new Deposit({ account: 'ada', cents }));
  const balance = (after?: string) =>
    app.queries.execute(new BalanceOf({ account: 'ada' }), { after: after as never });
  await put(1);
  await app.settled();
  await app.stop();
  await journal.close();
  copyFileSync(path, copy);

  journal = await open(path);
  app = await bank(journal, reads);
  const lost = await put(10);
  await app.settled();
  expect(await balance(lost.consistency)).toBe(11);
  await app.stop();
  await journal.close();

  // The older file is put back. The program goes on, and writes another event where the lost one was.
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  copyFileSync(copy, path);
  journal = await open(path);
  await journal.writeStore.commit({ entries: [deposited('ada', 100)] });
  app = await bank(journal, reads);
  await expect(app.settled()).rejects.toMatchObject({
    errors: expect.arrayContaining([
      expect.objectContaining({
        code: 'journal-restored',
        message: expect.stringContaining("Rebuild 'balances/v1'"),
      }),
    ]),
  });
  // Nothing was overwritten, and nothing skipped.
  expect(await storedIn(reads, 'ada')).toEqual({ cents: 11 });

  await app.stop();

  await journal.declareRestored();
  await reads.subscriptions.forget('commands');
  app = await bank(journal, reads);
  await expect(app.settled()).rejects.toMatchObject({ code: 'journal-restored' });
  await expect(balance(lost.consistency)).rejects.toMatchObject({ code: 'consistency-incarnation' });
  await app.operations.rebuilds.start('balances');
  for (let seconds = 0; seconds < 10; seconds++) {
    await app.settled();
    await app.advance(1_000);
  }
  expect(await balance()).toBe(101);
  await app.stop();
});

test('promise 6: an event that fails its schema stops its own partition, with its position; one of an unknown type is passed over', async () => {
  const database = await open(temporaryFile());
  const app = await bank(database, database);
  const put = (account: string) => app.commands.execute(new Deposit({ account, cents: 5 }));
  const balance = (account: string) => app.queries.execute(new BalanceOf({ account }));
  await database.writeStore.commit({ entries: [eventNamed('account-ada'), deposited('bob', 'many')] });
  for (const account of ['ada', 'bob']) await put(account);
  await expect(app.settled()).rejects.toMatchObject({ code: 'invalid-message' });

  const [parked] = await app.operations.parked();
  // Which document it is about cannot be told, so nothing behind it may be applied.
  expect(parked).toMatchObject({
    subscription: 'balances/v1',
    name: 'bank.Deposited',
    key: '',
    position: positionAt(2, 0),
    failure: { code: 'invalid-message', message: expect.stringContaining("'cents'") },
  });
  expect(await balance('ada')).toBe(5);
  expect(await balance('bob')).toBe(0);
  expect(await app.operations.discard(parked!)).toBe('requested');
  await app.settled();
  expect(await balance('bob')).toBe(5);
  await app.stop();
});

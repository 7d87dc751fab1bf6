import { copyFileSync, rmSync } from 'node:fs';
import {
  anyone,
  command,
  commandHandler,
  createApp,
  defineProjection,
  event,
  type Logger,
  positionAt,
  query,
  queryHandler,
  readModel,
  sleep,
  systemClock,
} from '@diptych/core';
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

/** An app whose journal lies in one file, and its read models and checkpoints in another. */
async function bank(journal: SqliteDatabase, reads: SqliteDatabase, logger?: Logger) {
  const { writeStore, reader } = journal;
  const { subscriptions, readModels } = reads;
  const app = await createApp({
    name: 'bank',
    handlers: [deposit, balances, balanceOf],
    database: { writeStore, reader, subscriptions, readModels },
    subscriptions: { pollInMs: 20 },
    logger,
  });
  await app.start();
  return app;
}

/** What real files and clocks take is asked for again and again. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(systemClock, 10);
  }
}

test('promise 2: an older journal beside newer read models stops the projection, and a rebuild makes it right', async () => {
  const [path, copy, readsPath] = [temporaryFile(), temporaryFile(), temporaryFile()];
  let journal = await sqliteDatabase({ path });
  const reads = await sqliteDatabase({ path: readsPath });
  let app = await bank(journal, reads);
  const put = (cents: number) => app.commands.dispatch(new Deposit({ account: 'ada', cents }));
  const balance = (after?: string) =>
    app.queries.execute(new BalanceOf({ account: 'ada' }), { after: after as never });
  await put(1);
  await app.stop();
  await journal.close();
  copyFileSync(path, copy);

  journal = await sqliteDatabase({ path });
  app = await bank(journal, reads);
  const lost = await put(10);
  expect(await balance(lost.consistency)).toBe(11);
  await app.stop();
  await journal.close();

  // The older file is put back. The program goes on, and writes another event where the lost one was.
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  copyFileSync(copy, path);
  journal = await sqliteDatabase({ path });
  const told: unknown[] = [];
  const tell = (_text: string, about?: object) => void told.push((about as { error?: unknown })?.error);
  app = await bank(journal, reads, { debug: tell, info: tell, warn: tell, error: tell } as Logger);
  await put(100);
  const stopped = await until(async () =>
    told.find((error) => (error as { code?: string } | undefined)?.code === 'journal-restored'),
  );
  expect(String(stopped)).toContain("Rebuild 'balances/v1'");
  // Nothing was overwritten, and nothing skipped.
  expect(await balance()).toBe(11);

  await journal.declareRestored();
  await app.stop();
  app = await bank(journal, reads);
  await expect(balance(lost.consistency)).rejects.toMatchObject({ code: 'consistency-incarnation' });
  await app.operations.rebuilds.start('balances');
  expect(await until(async () => ((await balance()) === 101 ? 101 : undefined))).toBe(101);
  await app.stop();
  await journal.close();
  await reads.close();
}, 60_000);

test('promise 6: an event that fails its schema stops its own partition, with its position; one of an unknown type is passed over', async () => {
  const database = await sqliteDatabase({ path: temporaryFile() });
  const app = await bank(database, database);
  const put = (account: string) => app.commands.execute(new Deposit({ account, cents: 5 }));
  const balance = (account: string) => app.queries.execute(new BalanceOf({ account }));
  const untilIs = (account: string, cents: number) =>
    until(async () => ((await balance(account)) === cents ? true : undefined));
  await until(async () => ((await app.ready()) ? true : undefined));
  const broken = eventNamed('account-bob', JSON.stringify({ account: 'bob', cents: 'many' }));
  const events = broken.events.map((one) => ({ ...one, name: 'bank.Deposited' }));
  await database.writeStore.commit({ entries: [eventNamed('account-ada'), { ...broken, events }] });
  for (const account of ['ada', 'bob']) await put(account);

  const [parked] = await until(async () => {
    const found = await app.operations.parked();
    return found.length === 0 ? undefined : found;
  });
  // Which document it is about cannot be told, so nothing behind it may be applied.
  expect(parked).toMatchObject({
    subscription: 'balances/v1',
    name: 'bank.Deposited',
    key: '',
    position: positionAt(2, 0),
    failure: { code: 'invalid-message', message: expect.stringContaining("'cents'") },
  });
  await untilIs('ada', 5);
  expect(await balance('bob')).toBe(0);
  expect(await app.operations.discard(parked!)).toBe('requested');
  await untilIs('bob', 5);
  await app.stop();
  await database.close();
}, 60_000);

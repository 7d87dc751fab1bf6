import type { WriteBatch, WriteStore } from '@diptych/core';
import {
  contractNotRun,
  type HeldCommit,
  inboxContract,
  journalReaderContract,
  scheduleContract,
  snapshotContract,
  unitOfWorkContract,
  type WriteSideFactory,
  type WriteSideSubject,
  writeStoreContract,
} from '@diptych/testing/contracts';
import mssql from 'mssql';
import { afterAll } from 'vitest';
import { closeTestPool, notRun, type SqlGround, serverUrl, sqlGround } from '../fixtures/sql-server.js';
import type { SqlTransaction } from './sql-transaction.js';

afterAll(closeTestPool);

async function open(): Promise<WriteSideSubject<SqlTransaction>> {
  const hold: { current: (() => Promise<void>) | undefined } = { current: undefined };
  const ground = await sqlGround({ maxMessageBytes: 256 * 1024 });
  await ground.pool.request().batch(`CREATE TABLE [${ground.schema}].[rows]
    ([key] nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY, text nvarchar(max) NOT NULL)`);
  return subjectOn(ground, hold);
}

async function subjectOn(
  ground: SqlGround,
  hold: { current: (() => Promise<void>) | undefined },
): Promise<WriteSideSubject<SqlTransaction>> {
  const { database, clock, schema, pool } = ground;
  const held = await ground.again({}, { beforeCommit: async () => hold.current?.() });
  return {
    writeStore: database.writeStore,
    reader: database.reader,
    clock,
    advanceTime: ground.advanceTime,
    async putRow(native, key, text) {
      await new mssql.Request(native)
        .input('key', mssql.NVarChar(100), key)
        .input('text', mssql.NVarChar(mssql.MAX), text)
        .query(
          `DELETE FROM [${schema}].[rows] WHERE [key] = @key; INSERT INTO [${schema}].[rows] ([key], text) VALUES (@key, @text)`,
        );
    },
    async readRow(key) {
      const { recordset } = await pool
        .request()
        .input('key', mssql.NVarChar(100), key)
        .query(`SELECT text FROM [${schema}].[rows] WHERE [key] = @key`);
      return recordset[0]?.text;
    },
    reopen: async () => subjectOn({ ...ground, database: await ground.again() }, hold),
    holdCommit: (batch) => holdCommit(held.writeStore, batch, hold),
    close: () => ground.close(),
  };
}

/** Stands still between the final batch and its commit, until it is said how it ends. */
async function holdCommit(
  store: WriteStore<SqlTransaction>,
  batch: WriteBatch,
  hold: { current: (() => Promise<void>) | undefined },
): Promise<HeldCommit> {
  const transaction = await store.begin({ timeLimitInMs: 60_000 });
  return new Promise((resolve) => {
    hold.current = () => {
      hold.current = undefined;
      return new Promise((goOn, giveUp) =>
        resolve({
          commit() {
            goOn();
            return committing;
          },
          async rollback() {
            giveUp(new Error('given up'));
            await committing.catch(() => {});
          },
        }),
      );
    };
    const committing = transaction.commit(batch);
  });
}

const sqlWriteSide: WriteSideFactory<SqlTransaction> = { open };

if (serverUrl === undefined) {
  for (const port of [
    'write store',
    'journal reader',
    'inbox',
    'scheduled commands',
    'unit of work',
    'snapshot store',
  ])
    contractNotRun({ port, adapter: 'sql' }, notRun);
} else {
  writeStoreContract('sql', sqlWriteSide);
  journalReaderContract('sql', sqlWriteSide);
  inboxContract('sql', sqlWriteSide);
  scheduleContract('sql', sqlWriteSide);
  unitOfWorkContract('sql', sqlWriteSide);
  snapshotContract('sql', {
    async open() {
      const { database, close } = await sqlGround();
      return { snapshots: database.snapshots, close };
    },
  });
}

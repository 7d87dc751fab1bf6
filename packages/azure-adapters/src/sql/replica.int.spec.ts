// The replica here is a database of its own that holds what a test puts there: further behind, or not, than the first.
import {
  type Copy,
  noMarks,
  type OwnedPartition,
  positionAt,
  type ReadModelDefinition,
  type RequiredFreshness,
} from '@diptych/core';
import mssql from 'mssql';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  closeTestPool,
  notRun,
  poolOf,
  type SqlGround,
  serverUrl,
  sqlGround,
} from '../fixtures/sql-server.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlReadModelHandle } from './sql-read-model.js';

const definition: ReadModelDefinition = {
  model: 'orders',
  version: 1,
  indexes: { byCustomer: { by: ['customer'] } },
};
const copy: Copy = { model: 'orders', version: 1, generation: 1 };
const subscription = 'orders/v1';
const at = (row: number) => positionAt(row, 0);
const needs = (row: number): RequiredFreshness => ({
  subscription,
  ranges: [{ partition: 0, first: at(row), last: at(row) }],
  evidence: [],
});

describe.skipIf(serverUrl === undefined)(
  `a read-only replica${serverUrl ? '' : `, not run: ${notRun}`}`,
  () => {
    let primary: SqlGround;
    let secondary: SqlGround;
    let database: SqlDatabase;
    let owned: OwnedPartition;
    let replicaPool: mssql.ConnectionPool | undefined;

    beforeEach(async () => {
      replicaPool ??= await poolOf('diptych_replica');
      primary = await sqlGround();
      secondary = await sqlGround({}, {}, { pool: replicaPool, schema: primary.schema });
      database = await primary.again({ replica: replicaPool });
      await put(database, 'primary');
    });
    afterEach(async () => {
      await primary.close();
      await secondary.close();
    });
    afterAll(async () => {
      await replicaPool?.close();
      await closeTestPool();
    });

    async function put(into: SqlDatabase, where: string): Promise<void> {
      await into.readModels.create(definition, copy);
      await into.readModels.switch(undefined, copy);
      const body = JSON.stringify({ where, customer: 'ada' });
      const id = { tenant: 'default', name: 'a' };
      await into.readModels.write(copy, [{ id, body, marks: noMarks, expectedRevision: undefined }]);
    }

    async function reach(row: number): Promise<void> {
      const { subscriptions } = secondary.database;
      const acquired = await subscriptions.acquire({
        subscription,
        partitions: [0],
        owner: 'one',
        leaseInMs: 60_000,
      });
      owned = acquired.owned[0]!;
      await subscriptions.advance([{ ownership: owned, checkpoint: { position: at(row), entryId: 'e' } }]);
    }

    const answersFrom = async (atLeast?: RequiredFreshness) => {
      const model = database.readModels.open<{ where: string }>(definition, copy, 'default', atLeast);
      const got = (await model.get('a'))?.where;
      const found = (await model.find('byCustomer', { customer: 'ada' })).documents.map(({ where }) => where);
      const all = (await model.all()).documents.map(({ where }) => where);
      expect([found, all]).toEqual([[got], [got]]);
      return got;
    };

    test('answers queries that do not ask for more', async () => {
      await put(secondary.database, 'replica');
      expect(await answersFrom()).toBe('replica');
    });

    test('promise 5: answers `after` once it is as far itself, and not before', async () => {
      await put(secondary.database, 'replica');
      expect(await answersFrom(needs(5))).toBe('primary');
      await reach(4);
      expect(await answersFrom(needs(5))).toBe('primary');
      await reach(5);
      expect(await answersFrom(needs(5))).toBe('replica');
    });

    test('promise 5: does not answer while it still shows as parked what is asked for', async () => {
      await put(secondary.database, 'replica');
      await reach(5);
      const failure = { code: 'x', message: 'x', attempts: 1, delayInMs: undefined };
      const parked = { key: 'default/a', position: at(5), messageId: 'm', name: 'n', failure };
      await secondary.database.subscriptions.park(owned, [parked]);
      expect(await answersFrom(needs(5))).toBe('primary');
      expect(await answersFrom(needs(4))).toBe('replica');
    });

    test('does not answer with a copy that it does not have, or has only in part', async () => {
      expect(await answersFrom()).toBe('primary');
      await secondary.database.readModels.create(definition, copy);
      expect(await answersFrom()).toBe('primary');
    });

    test('that cannot be reached at the start is no reason not to start', async () => {
      const away = { ...(mssql.ConnectionPool.parseConnectionString(serverUrl!) as mssql.config), port: 1 };
      database = await primary.again({ replica: away });
      expect(await answersFrom()).toBe('primary');
      await database.close();
    });

    test('answers a query of the program’s own too, also one that ends in a comment', async () => {
      await put(secondary.database, 'replica');
      const model = database.readModels.open<{ where: string }>(definition, copy, 'default');
      const handle = model.native() as SqlReadModelHandle;
      expect(await handle.all("SELECT JSON_VALUE(body, '$.where') FROM documents -- all of them")).toEqual([
        ['replica'],
      ]);
    });

    test('that cannot be reached leaves queries to the first', async () => {
      const gone = await new mssql.ConnectionPool(
        mssql.ConnectionPool.parseConnectionString(serverUrl!) as mssql.config,
      ).connect();
      database = await primary.again({ replica: gone });
      await gone.close();
      expect(await answersFrom()).toBe('primary');
    });
  },
);

import { connect as connectTo, createServer, type Socket } from 'node:net';
import {
  anyone,
  type CommandContext,
  command,
  commandHandler,
  createApp,
  defineProjection,
  event,
  query,
  queryHandler,
  readModel,
} from '@diptych/core';
import mssql from 'mssql';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { appendTo, limits } from '../fixtures/sql-batches.js';
import {
  closeTestPool,
  notRun,
  type SqlGround,
  serverUrl,
  sqlGround,
  testPool,
} from '../fixtures/sql-server.js';
import { sqlDatabase } from './sql-database.js';
import { currentSchemaVersion, sqlSchemaScripts } from './sql-schema.js';
import type { SqlTransaction } from './sql-transaction.js';

const timing = { timeLimitInMs: 60_000, waitInMs: 60_000 };

describe.skipIf(serverUrl === undefined)(
  `a SQL Server database${serverUrl ? '' : `, not run: ${notRun}`}`,
  () => {
    let ground: SqlGround;
    beforeEach(async () => {
      ground = await sqlGround();
    });
    afterEach(() => ground.close());
    afterAll(closeTestPool);

    const configuration = () => mssql.ConnectionPool.parseConnectionString(serverUrl!) as mssql.config;
    const count = async (table: string) =>
      (await ground.pool.request().query(`SELECT COUNT(*) AS n FROM [${ground.schema}].[${table}]`))
        .recordset[0]!.n;

    describe('is opened', () => {
      test('again and again, by several at the same time, and is made once', async () => {
        const schema = `${ground.schema}x`;
        const open = () => sqlDatabase({ connection: ground.pool, schema, partitions: 4 });
        const all = await Promise.all([open(), open(), open()]);
        const infos = await Promise.all(all.map(({ reader }) => reader.info()));
        expect(new Set(infos.map(({ incarnation }) => incarnation)).size).toBe(1);
        expect(infos[0]!.partitions).toBe(4);
        await dropAll(schema);
      });

      test('by the scripts alone, which may be run twice, where the program may create nothing', async () => {
        const schema = `${ground.schema}y`;
        const validate = () => sqlDatabase({ connection: ground.pool, schema, provision: 'validate' });
        await expect(validate()).rejects.toMatchObject({ code: 'schema-missing', origin: 'programming' });
        for (let round = 0; round < 2; round++) {
          for (const { sql } of sqlSchemaScripts({ schema, partitions: 4 }))
            for (const batch of sql.split(/^GO$/m))
              if (batch.trim() !== '') await ground.pool.request().batch(batch);
        }
        const database = await validate();
        await database.writeStore.commit({ entries: [appendTo('s', ['1'])] });
        expect((await database.reader.readAll(undefined, limits)).entries).toHaveLength(1);
        await dropAll(schema);
      });

      test('not with a wrong password, which is not in what is said', async () => {
        const config = { ...configuration(), password: 'wrong-and-secret' };
        const error = await sqlDatabase({ connection: config }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'database-login', retryable: false });
        expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toContain('wrong-and-secret');
      });

      test('not by a login that may create nothing, which is told so, and nothing is made', async () => {
        const [login, password, schema] = [`${ground.schema}r`, 'Only-reads-1', `${ground.schema}z`];
        const tell = (statement: string) => ground.pool.request().batch(statement);
        await tell(`CREATE LOGIN [${login}] WITH PASSWORD = '${password}'`);
        await tell(`CREATE USER [${login}] FOR LOGIN [${login}]`);
        try {
          const connection = { ...configuration(), user: login, password };
          const error = await sqlDatabase({ connection, schema }).catch((thrown: unknown) => thrown);
          expect(error).toMatchObject({ code: 'database-forbidden', retryable: false });
          expect(JSON.stringify(error) + String(error)).not.toContain(password);
          const { recordset } = await ground.pool
            .request()
            .input('schema', schema)
            .query('SELECT COUNT(*) AS n FROM sys.schemas WHERE name = @schema');
          expect(recordset[0]!.n).toBe(0);
        } finally {
          await tell(`DROP USER [${login}]`);
          await tell(`DROP LOGIN [${login}]`);
        }
      });

      test('not where nobody listens: that may be tried again', async () => {
        const config = { ...configuration(), server: '127.0.0.1', port: 9, connectionTimeout: 2_000 };
        await expect(sqlDatabase({ connection: config })).rejects.toMatchObject({
          code: 'unavailable',
          retryable: true,
        });
      });

      test('not with a schema that a newer version made, and nothing is changed', async () => {
        const { pool, schema } = ground;
        await pool
          .request()
          .batch(
            `UPDATE [${schema}].[meta] SET value = '${currentSchemaVersion + 1}' WHERE name = 'schema-version'`,
          );
        await expect(ground.again()).rejects.toMatchObject({ code: 'schema-too-new' });
      });

      test('not with a pool that has one connection, or none yet', async () => {
        const unfit = { code: 'pool-unfit', origin: 'programming' };
        const single = { ...configuration(), pool: { max: 1, min: 0 } };
        await expect(sqlDatabase({ connection: single })).rejects.toMatchObject(unfit);
        const unconnected = new mssql.ConnectionPool(configuration());
        await expect(sqlDatabase({ connection: unconnected })).rejects.toMatchObject(unfit);
      });

      test('not with another number of partitions', async () => {
        await expect(ground.again({ partitions: 9 })).rejects.toMatchObject({ code: 'partitions-fixed' });
      });

      test.each(['a]b', "a'; DROP TABLE x; --", '', '1a', 'a b'])(
        'not in a schema named %j',
        async (schema) => {
          await expect(sqlDatabase({ connection: ground.pool, schema })).rejects.toMatchObject({
            code: 'invalid-schema-name',
          });
        },
      );

      test('with the program’s own tables, each step once; a step that was changed is refused', async () => {
        const { schema } = ground;
        const made = { name: 'orders', sql: `CREATE TABLE [${schema}].[orders] (id int NOT NULL)` };
        const filled = { name: 'first', sql: [`INSERT INTO [${schema}].[orders] (id) VALUES (1)`] };
        await ground.again({ migrations: [made] });
        await ground.again({ migrations: [made, filled] });
        await ground.again({ migrations: [made, filled] });
        expect(await count('orders')).toBe(1);
        const changed = { ...filled, sql: 'SELECT 2' };
        await expect(ground.again({ migrations: [made, changed] })).rejects.toMatchObject({
          code: 'migration-changed',
        });
        const failing = {
          name: 'failing',
          sql: [`INSERT INTO [${schema}].[orders] (id) VALUES (2)`, 'SELECT 1 / 0'],
        };
        await expect(ground.again({ migrations: [made, filled, failing] })).rejects.toThrow();
        expect(await count('orders')).toBe(1);
      });
    });

    describe('a transaction', () => {
      test('does not take over what the connection’s last user left', async () => {
        const { writeStore, reader } = ground.database;
        await Promise.all(
          Array.from({ length: 24 }, () =>
            ground.pool.request().batch('SET XACT_ABORT OFF; SET LOCK_TIMEOUT 1;'),
          ),
        );
        const transaction = await writeStore.begin(timing);
        // Without XACT_ABORT the rest of the batch would run on behind the failed insert, and be committed.
        await expect(
          transaction.commit({ entries: [appendTo('s', ['1']), appendTo('s', ['2'], 'none')] }),
        ).rejects.toMatchObject({ code: 'concurrency-conflict' });
        expect((await reader.readAll(undefined, limits)).entries).toEqual([]);
      });

      test.each(['COMMIT', 'ROLLBACK', 'BEGIN TRANSACTION'])(
        'that a statement ended by %s is refused, and says so',
        async (sql) => {
          const { writeStore, reader } = ground.database;
          const transaction = await writeStore.begin(timing);
          await transaction.native.request().batch(sql);
          await expect(transaction.commit({ entries: [appendTo('s', ['1'])] })).rejects.toMatchObject({
            code: 'transaction-ended-by-statement',
          });
          expect((await reader.readAll(undefined, limits)).entries).toEqual([]);
        },
      );

      test('promise 1: that somebody left open on a connection takes nothing of ours in, and is undone', async () => {
        const connection = { ...configuration(), pool: { max: 2, min: 0 } };
        const database = await ground.again({ connection });
        // Of both connections, so that whatever comes next gets one of these.
        const leave = () =>
          database.pool.request().batch(`BEGIN TRANSACTION; BEGIN TRANSACTION;
            INSERT INTO [${ground.schema}].[meta] (name, value) VALUES (CONCAT('left', NEWID()), '')`);
        await Promise.all([leave(), leave()]);
        await database.writeStore.commit({ entries: [appendTo('alone', ['1'])] });
        const transaction = await database.writeStore.begin(timing);
        await transaction.commit({ entries: [appendTo('begun', ['1'])] });
        await database.close();
        const stream = (name: string) => ground.database.writeStore.loadStream({ tenant: 'default', name });
        expect([await stream('alone'), await stream('begun')].map(({ length }) => length)).toEqual([1, 1]);
        const { recordset } = await ground.pool
          .request()
          .query(`SELECT COUNT(*) AS n FROM [${ground.schema}].[meta] WHERE name LIKE 'left%'`);
        expect(recordset[0]!.n).toBe(0);
      });

      test('promise 4: whose claim was committed by a statement of the handler’s holds its key up no longer', async () => {
        const { writeStore } = ground.database;
        const key = { tenant: 'default', handler: 'h', scope: '', id: 'committed', fingerprint: 'f' };
        const first = await writeStore.claim(key, timing);
        if (first.state !== 'claimed') throw new Error('Not claimed.');
        const native = first.transaction.native as SqlTransaction;
        await new mssql.Request(native).batch('COMMIT; BEGIN TRANSACTION');
        await first.transaction.rollback();
        const second = await writeStore.claim(key, timing);
        expect(second.state).toBe('claimed');
        if (second.state === 'claimed') await second.transaction.rollback();
      });

      test('many at a time, each with a stream to load, all come to their end, however few connections there are', async () => {
        const connection = { ...configuration(), pool: { max: 2, min: 0 } };
        const database = await ground.again({ connection });
        const one = async (number: number) => {
          const key = { tenant: 'default', handler: 'h', scope: '', id: `many-${number}`, fingerprint: 'f' };
          const claim = await database.writeStore.claim(key, timing);
          if (claim.state !== 'claimed') throw new Error('Not claimed.');
          await database.writeStore.loadStream({ tenant: 'default', name: `many-${number}` });
          await claim.transaction.commit({ entries: [appendTo(`many-${number}`, ['1'])] });
        };
        await Promise.all(Array.from({ length: 6 }, (_, number) => one(number)));
        await database.close();
      });

      test('of the driver cannot be ended by its own methods', async () => {
        const transaction = await ground.database.writeStore.begin(timing);
        const refused = { code: 'transaction-ended-by-statement' };
        await expect(transaction.native.commit()).rejects.toMatchObject(refused);
        await expect(transaction.native.rollback()).rejects.toMatchObject(refused);
        await transaction.commit({ entries: [appendTo('s', ['1'])] });
      });

      test('whose statement is still running is not committed, and gives its connection back', async () => {
        const { writeStore, reader } = ground.database;
        const transaction = await writeStore.begin(timing);
        const running = transaction.native
          .request()
          .query('SELECT 1')
          .catch(() => undefined);
        await new Promise((resolve) => setImmediate(resolve));
        await expect(transaction.commit({ entries: [appendTo('s', ['1'])] })).rejects.toMatchObject({
          code: 'statement-running',
        });
        await running;
        expect((await reader.readAll(undefined, limits)).entries).toEqual([]);
        await writeStore.commit({ entries: [appendTo('s', ['1'])] });
      });

      test('two that lock each other’s rows: one is undone, and its error may be tried again', async () => {
        const { writeStore } = ground.database;
        const { pool, schema } = ground;
        await pool
          .request()
          .batch(`CREATE TABLE [${schema}].[pairs] (id int NOT NULL PRIMARY KEY, n int NOT NULL)`);
        await pool.request().batch(`INSERT INTO [${schema}].[pairs] (id, n) VALUES (1, 0), (2, 0)`);
        const [one, two] = [await writeStore.begin(timing), await writeStore.begin(timing)];
        const change = (transaction: { native: SqlTransaction }, id: number) =>
          transaction.native.request().query(`UPDATE [${schema}].[pairs] SET n = n + 1 WHERE id = ${id}`);
        await change(one, 1);
        await change(two, 2);
        const outcomes = await Promise.allSettled([change(one, 2), change(two, 1)]);
        const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
        expect(lost).toHaveLength(1);
        expect(writeStore.errorOf!(lost[0]!.reason)).toMatchObject({
          code: 'concurrency-conflict',
          retryable: true,
        });
        await Promise.all([one.rollback(), two.rollback()]);
      });
    });

    test('promise 4: a connection that breaks behind the final batch leaves the outcome unknown, and the inbox settles it', async () => {
      const wire = await cuttableWire(configuration());
      const database = await sqlDatabase({ connection: wire.config, schema: ground.schema });
      const key = { tenant: 'default', handler: 'command:test.Do', scope: '', id: 'c', fingerprint: 'f' };
      const mark = { key, messageId: 'm', outcome: { kind: 'done' as const }, rememberForMs: 60_000 };
      const claim = await database.writeStore.claim(key, timing);
      if (claim.state !== 'claimed') throw new Error('It must be free.');
      wire.cutBehindNextRequest();
      await expect(claim.transaction.commit({ entries: [appendTo('s', ['1'])], mark })).rejects.toMatchObject(
        { code: 'outcome-unknown' },
      );
      const again = await ground.database.writeStore.claim(key, timing);
      const events = await ground.database.writeStore.loadStream({ tenant: 'default', name: 's' });
      // Either it was done whole, or nothing of it was.
      expect(events).toHaveLength(again.state === 'settled' ? 1 : 0);
      if (again.state === 'claimed') await again.transaction.rollback();
      await database.close();
      await wire.close();
    });

    test('a claim whose unit leaves no mark is free again', async () => {
      const key = { tenant: 'default', handler: 'command:test.Do', scope: '', id: 'c', fingerprint: 'f' };
      for (let times = 0; times < 2; times++) {
        const claim = await ground.database.writeStore.claim(key, timing);
        if (claim.state !== 'claimed') throw new Error('It must be free.');
        await claim.transaction.commit({ entries: [appendTo('s', ['1'])] });
      }
      expect(await count('inbox')).toBe(0);
    });

    test('names with quotes, brackets and Unicode, of 500 characters, are values and nothing else; longer ones are refused', async () => {
      const { writeStore } = ground.database;
      const name = `]'; DROP TABLE [${ground.schema}].[journal]; -- 注文 🧾 ${'x'.repeat(500)}`.slice(0, 500);
      await writeStore.commit({ entries: [appendTo(name, ['1'], 'none')] });
      expect(await writeStore.loadStream({ tenant: 'default', name })).toMatchObject([
        { stream: name, data: '"1"' },
      ]);
      await expect(
        writeStore.commit({ entries: [appendTo('x'.repeat(1_001), ['1'])] }),
      ).rejects.toMatchObject({
        code: 'name-too-long',
        retryable: false,
      });
    });

    test('a restored database is told: the journal gets another incarnation, for all who have it open', async () => {
      const other = await ground.again();
      const before = await other.reader.info();
      const incarnation = await ground.database.declareRestored();
      expect(incarnation).not.toBe(before.incarnation);
      expect((await other.reader.info()).incarnation).toBe(incarnation);
    });

    test('an app runs on it: rows and events in one transaction, its own write read, a duplicate row refused', async () => {
      const { schema } = ground;
      const order = z.object({ orderId: z.string(), total: z.number().int() });
      class PlaceOrder extends command('shop.PlaceOrder', order) {}
      class OrderPlaced extends event('shop.OrderPlaced', order) {}
      class TotalOf extends query('shop.TotalOf', z.object({ orderId: z.string() })).returns<number>() {}
      const placeOrder = commandHandler(
        PlaceOrder,
        { authorize: anyone },
        async ({ orderId, total }, { session }: CommandContext<unknown, SqlTransaction>) => {
          const transaction = await session.native();
          await new mssql.Request(transaction)
            .input('id', mssql.NVarChar(50), orderId)
            .input('total', mssql.Int, total)
            .query(`INSERT INTO [${schema}].[orders] (id, total) VALUES (@id, @total)`);
          session.append(`order-${orderId}`, 'any', [new OrderPlaced({ orderId, total })]);
        },
      );
      const orders = defineProjection<{ total: number }>({ name: 'orders', version: 1 }).on(
        OrderPlaced,
        ({ orderId }) => orderId,
        ({ total }) => ({ total }),
      );
      const totalOf = queryHandler(
        TotalOf,
        { inject: [readModel(orders)], authorize: anyone },
        async ({ orderId }, _context, model) => (await model.get(orderId))?.total ?? 0,
      );
      const sql = `CREATE TABLE [${schema}].[orders] (id nvarchar(50) NOT NULL PRIMARY KEY, total int NOT NULL)`;
      const database = await sqlDatabase({
        connection: await testPool(),
        schema,
        migrations: [{ name: 'orders', sql }],
      });
      const app = await createApp({ name: 'shop', handlers: [placeOrder, orders, totalOf], database });
      await app.start();
      const { consistency } = await app.commands.dispatch(new PlaceOrder({ orderId: '1', total: 500 }));
      expect(
        await app.queries.execute(new TotalOf({ orderId: '1' }), {
          after: consistency,
          afterTimeoutInMs: 60_000,
        }),
      ).toBe(500);
      await expect(app.commands.dispatch(new PlaceOrder({ orderId: '1', total: 700 }))).rejects.toMatchObject(
        {
          code: 'duplicate-key',
        },
      );
      expect(await count('orders')).toBe(1);
      expect(await database.writeStore.loadStream({ tenant: 'default', name: 'order-1' })).toHaveLength(1);
      await app.stop();
    });

    async function dropAll(schema: string): Promise<void> {
      const { recordset } = await ground.pool
        .request()
        .query(
          `SELECT t.name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE s.name = '${schema}'`,
        );
      for (const { name } of recordset) await ground.pool.request().batch(`DROP TABLE [${schema}].[${name}]`);
      await ground.pool.request().batch(`DROP SCHEMA [${schema}]`);
    }
  },
);

/** A wire between the driver and the server that can be cut when a request has gone out and nothing has come back. */
async function cuttableWire(config: mssql.config) {
  let cutting = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connectTo(config.port ?? 1433, config.server);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      if (!cutting) return void client.write(data);
      client.destroy();
      upstream.destroy();
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    config: { ...config, server: '127.0.0.1', port } as mssql.config,
    cutBehindNextRequest() {
      cutting = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

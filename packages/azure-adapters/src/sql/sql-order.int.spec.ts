// Each of these is evidence on the server that ran it. A stand-in takes rowversions from its transactions' ids and gives
// MIN_ACTIVE_ROWVERSION() the same meaning by other means: what is shown there is that our reader keeps below the mark.
import type { JournalEntry, JournalReader, Position } from '@diptych/core';
import mssql from 'mssql';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendTo, limits } from '../fixtures/sql-batches.js';
import { closeTestPool, notRun, type SqlGround, serverUrl, sqlGround } from '../fixtures/sql-server.js';
import type { HeldBackJournal } from './held-back.js';

describe.skipIf(serverUrl === undefined)(
  `order on SQL Server${serverUrl ? '' : `, not run: ${notRun}`}`,
  () => {
    let ground: SqlGround;
    beforeEach(async () => {
      ground = await sqlGround();
    });
    afterEach(() => ground.close());
    afterAll(closeTestPool);

    /** A transaction of some other program, which has written to a table with a `rowversion`. */
    async function stranger(): Promise<{ end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> }> {
      const { pool, schema } = ground;
      await pool
        .request()
        .batch(`CREATE TABLE [${schema}].[theirs] (id int NOT NULL, rv rowversion NOT NULL)`);
      const transaction = new mssql.Transaction(pool);
      await transaction.begin();
      await transaction.request().query(`INSERT INTO [${schema}].[theirs] (id) VALUES (1)`);
      return { end: (how) => (how === 'COMMIT' ? transaction.commit() : transaction.rollback()) };
    }

    const read = async (reader: JournalReader, after?: Position) =>
      (await reader.readAll(after, limits)).entries.map(({ data }) => JSON.parse(data) as string);

    for (const how of ['COMMIT', 'ROLLBACK'] as const) {
      test(`promise 2: one transaction stays open while others commit: nothing is skipped, and nothing stalls after its ${how}`, async () => {
        const { writeStore, reader } = ground.database;
        await writeStore.commit({ entries: [appendTo('before', ['before'])] });
        expect(await read(reader)).toEqual(['before']);
        const open = await stranger();
        for (const text of ['a', 'b', 'c']) await writeStore.commit({ entries: [appendTo(text, [text])] });
        expect(await read(reader)).toEqual(['before']);
        await open.end(how);
        expect(await read(reader)).toEqual(['before', 'a', 'b', 'c']);
      });
    }

    test('promise 5: a receipt of what cannot be read yet is not beyond the head', async () => {
      const { writeStore, reader } = ground.database;
      const open = await stranger();
      const { ranges } = await writeStore.commit({ entries: [appendTo('s', ['a', 'b'])] });
      const { partition, last } = ranges[0]!;
      expect((await reader.heads()).get(partition)).toBe(last);
      await open.end('ROLLBACK');
    });

    test('promise 2: N writers and M readers see one identical order, and what was appended together is read together', async () => {
      const { writeStore } = ground.database;
      const [writers, rounds] = [8, 12];
      const total = writers * rounds * 3;
      const writing = Promise.all(
        Array.from({ length: writers }, async (_, writer) => {
          for (let round = 0; round < rounds; round++) {
            const texts = [1, 2, 3].map((part) => `${writer}.${round}.${part}`);
            await writeStore.commit({ entries: [appendTo(`s-${writer}-${round % 3}`, texts)] });
          }
        }),
      );
      const others = await Promise.all([ground.again(), ground.again()]);
      const readers = [ground.database, ...others].map(({ reader }) => reader);
      const seen = await Promise.all(readers.map((reader, at) => readUntil(reader, total, 5 + at * 13)));
      await writing;
      const texts = seen.map((entries) => entries.map(({ data }) => JSON.parse(data) as string));
      for (const each of texts) expect(each).toEqual(texts[0]);
      for (let at = 0; at < total; at += 3) {
        const [stem] = [texts[0]![at]!.replace(/1$/, '')];
        expect(texts[0]!.slice(at, at + 3)).toEqual([`${stem}1`, `${stem}2`, `${stem}3`]);
      }
    });

    test('promise 2: a row is read on from its middle where a batch ended in it, over one partition and over all', async () => {
      const { writeStore, reader } = ground.database;
      await writeStore.commit({
        entries: [appendTo('s', ['1', '2', '3', '4', '5']), appendTo('s', ['6', '7'])],
      });
      const small = { maxEvents: 2, maxBytes: 1_000_000 };
      const [all, one]: [string[], string[]] = [[], []];
      const { partition } = (await reader.readAll(undefined, limits)).entries[0]!;
      let after: Position | undefined;
      for (let caughtUp = false; !caughtUp; ) {
        const slice = await reader.readAll(after, small);
        all.push(...slice.entries.map(({ data }) => data));
        after = slice.entries.at(-1)?.position ?? after;
        caughtUp = slice.caughtUp;
      }
      after = undefined;
      for (let caughtUp = false; !caughtUp; ) {
        const [slice] = await reader.read([{ partition, after }], small);
        one.push(...slice!.entries.map(({ data }) => data));
        after = slice!.entries.at(-1)?.position ?? after;
        caughtUp = slice!.caughtUp;
      }
      const expected = ['1', '2', '3', '4', '5', '6', '7'].map((text) => JSON.stringify(text));
      expect([all, one]).toEqual([expected, expected]);
    });

    test('promise 2: rows larger than was expected are cut off, and read on from there', async () => {
      const { writeStore, reader, pool } = ground.database;
      const large = 'x'.repeat(700_000);
      const texts = Array.from({ length: 12 }, (_, index) => `${index} ${large}`);
      for (const text of texts) await writeStore.commit({ entries: [appendTo('s', [text])] });
      const bounds = { maxEvents: 500, maxBytes: 1_000_000 };
      const read: string[] = [];
      let [after, mostAtOnce]: [Position | undefined, number] = [undefined, 0];
      for (let caughtUp = false; !caughtUp; ) {
        const slice = await reader.readAll(after, bounds);
        read.push(...slice.entries.map(({ data }) => (JSON.parse(data) as string).split(' ')[0]!));
        after = slice.entries.at(-1)?.position ?? after;
        mostAtOnce = Math.max(mostAtOnce, slice.entries.length);
        caughtUp = slice.caughtUp;
      }
      expect(read).toEqual(texts.map((_, index) => `${index}`));
      expect(mostAtOnce).toBe(1);
      expect((await pool.request().query('SELECT 1 AS one')).recordset).toEqual([{ one: 1 }]);
    });

    test('an alarm names what holds the mark back, once, and is over when that ends', async () => {
      const told: HeldBackJournal[] = [];
      const database = await ground.again({
        heldBackAfterInMs: 1_000,
        onHeldBack: (held) => told.push(held),
      });
      expect(await database.heldBack()).toBeUndefined();
      const open = await stranger();
      await database.writeStore.commit({ entries: [appendTo('s', ['a'])] });
      expect(await database.heldBack()).toMatchObject({ forMs: 0 });
      expect(told).toEqual([]);
      await ground.advanceTime(1_500);
      for (let look = 0; look < 2; look++) await database.heldBack();
      expect(told).toHaveLength(1);
      expect(told[0]!.forMs).toBeGreaterThanOrEqual(1_500);
      expect(told[0]!.mark).toMatch(/^\d+$/);
      await open.end('COMMIT');
      expect(await database.heldBack()).toBeUndefined();
    });

    test('commits are told again when the transaction ends that kept them from being read', async () => {
      const { writeStore, reader } = ground.database;
      const told: number[][] = [];
      reader.onCommit!((partitions) => told.push([...partitions]));
      const open = await writeStore.begin({ timeLimitInMs: 60_000 });
      await open.native.request().query('SELECT 1');
      const { ranges } = await writeStore.commit({ entries: [appendTo('s', ['a'])] });
      await open.rollback();
      expect(told).toEqual([[ranges[0]!.partition], [ranges[0]!.partition]]);
      await writeStore.commit({ entries: [appendTo('s', ['b'])] });
      expect(told).toHaveLength(3);
    });
  },
);

async function readUntil(
  reader: JournalReader,
  count: number,
  maxEvents: number,
): Promise<readonly JournalEntry[]> {
  const seen: JournalEntry[] = [];
  for (let idle = 0; seen.length < count && idle < 5_000; idle++) {
    const { entries } = await reader.readAll(seen.at(-1)?.position, { maxEvents, maxBytes: 1_000_000 });
    seen.push(...entries);
    if (entries.length > 0) idle = 0;
  }
  return seen;
}

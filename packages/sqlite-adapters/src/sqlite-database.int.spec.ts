import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { eventNamed } from './fixtures/messages.js';
import { temporaryFile } from './fixtures/temporary-file.js';
import { SqliteConnection } from './sqlite-client.js';
import { sqliteDatabase } from './sqlite-database.js';
import { loadDriver } from './sqlite-driver.js';
import { streamHash } from './sqlite-journal.js';
import { currentSchemaVersion } from './sqlite-schema.js';

const unlimited = { maxEvents: 10_000, maxBytes: 10_000_000 };
const timing = { timeLimitInMs: 60_000 };

/** The file as another program sees it. */
async function withFile<T>(path: string, work: (connection: SqliteConnection) => T): Promise<T> {
  const connection = new SqliteConnection(await loadDriver(), path);
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

const textIn = (error: unknown) => (error as Error).message;

describe('opening a database', () => {
  test('makes the file, and keeps its partitions and its incarnation', async () => {
    const path = temporaryFile();
    const made = await sqliteDatabase({ path, partitions: 4 });
    const info = await made.reader.info();
    await made.close();
    const again = await sqliteDatabase({ path });
    expect(await again.reader.info()).toEqual(info);
    expect(info.partitions).toBe(4);
    await again.close();
  });

  test('another number of partitions than the journal has is refused', async () => {
    const path = temporaryFile();
    await (await sqliteDatabase({ path, partitions: 4 })).close();
    await expect(sqliteDatabase({ path, partitions: 8 })).rejects.toMatchObject({
      code: 'partitions-fixed',
      details: { partitions: 4, wanted: 8 },
    });
  });

  test('a number of partitions that no journal can have makes no tables', async () => {
    const path = temporaryFile();
    await expect(sqliteDatabase({ path, partitions: 0 })).rejects.toMatchObject({
      code: 'invalid-partition-count',
    });
    expect(await withFile(path, (file) => file.all('SELECT name FROM sqlite_schema'))).toEqual([]);
  });

  test.each([':memory:', '', 'file:x?mode=memory'])('%j names no file, and is told so', async (path) => {
    await expect(sqliteDatabase({ path })).rejects.toMatchObject({ code: 'path-not-a-file' });
  });

  test('declareRestored gives a new incarnation, which stays', async () => {
    const path = temporaryFile();
    const database = await sqliteDatabase({ path });
    const before = await database.reader.info();
    const incarnation = await database.declareRestored();
    expect(incarnation).not.toBe(before.incarnation);
    expect(await database.reader.info()).toEqual({ ...before, incarnation });
    await database.close();
  });

  test('a database that was closed says so', async () => {
    const database = await sqliteDatabase({ path: temporaryFile() });
    await database.close();
    await database.close();
    const closed = expect.objectContaining({ code: 'database-closed' });
    await expect(database.writeStore.commit({ entries: [] })).rejects.toEqual(closed);
    await expect(database.reader.heads()).rejects.toEqual(closed);
    expect(() => database.rows.get('SELECT 1')).toThrow(closed);
  });

  test('closing rolls back what is open', async () => {
    const path = temporaryFile();
    const database = await sqliteDatabase({ path });
    const { native } = await database.writeStore.begin(timing);
    native.run('CREATE TABLE half (n)');
    await database.close();
    expect(await withFile(path, (file) => file.get("SELECT 1 FROM sqlite_schema WHERE name = 'half'"))).toBe(
      undefined,
    );
  });
});

describe('a file that cannot be used', () => {
  test('no SQLite file: said with its name, and left as it was', async () => {
    const path = temporaryFile();
    const content = 'this is a letter, not a database. '.repeat(300);
    writeFileSync(path, content);
    const error = await sqliteDatabase({ path }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'database-corrupt', origin: 'infrastructure', details: { path } });
    expect(textIn(error)).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test('a damaged page: reading it is an error that names the file, and nothing is skipped', async () => {
    const path = temporaryFile();
    const database = await sqliteDatabase({ path });
    for (let n = 0; n < 400; n++)
      await database.writeStore.commit({
        entries: [eventNamed(`s-${n}`, JSON.stringify('x'.repeat(500)))],
      });
    await database.close();
    const bytes = readFileSync(path);
    // All pages but the first, which holds the schema.
    bytes.fill(0xee, 40 * 4096);
    writeFileSync(path, bytes);
    const damaged = await sqliteDatabase({ path });
    await expect(damaged.reader.readAll(undefined, unlimited)).rejects.toMatchObject({
      code: 'database-corrupt',
      message: expect.stringContaining(path),
    });
    await damaged.close();
  });

  test('a row that somebody changed: said with its position', async () => {
    const path = temporaryFile();
    const database = await sqliteDatabase({ path });
    await database.writeStore.commit({ entries: [eventNamed('s'), eventNamed('s')] });
    const [, second] = (await database.reader.readAll(undefined, unlimited)).entries;
    await withFile(path, (file) =>
      file.exec("DROP TRIGGER diptych_journal_stays; UPDATE diptych_journal SET facts = '{' WHERE row = 2"),
    );
    await expect(database.reader.readAll(undefined, unlimited)).rejects.toMatchObject({
      code: 'journal-row-unreadable',
      details: { position: second!.position, row: 2 },
    });
    await database.close();
  });

  test('a newer schema: refused, and nothing changed', async () => {
    const path = temporaryFile();
    await (await sqliteDatabase({ path })).close();
    const newer = String(currentSchemaVersion + 1);
    await withFile(path, (file) =>
      file.run("UPDATE diptych_meta SET value = ? WHERE name = 'schema-version'", newer),
    );
    const before = readFileSync(path);
    const error = await sqliteDatabase({ path }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'schema-too-new', origin: 'programming' });
    expect(textIn(error)).toContain(path);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a folder that is not there, and a folder in place of a file', async () => {
    const path = join(dirname(temporaryFile()), 'nowhere', 'x.db');
    const cannotOpen = { code: 'database-cannot-open', retryable: false };
    await expect(sqliteDatabase({ path })).rejects.toMatchObject({ ...cannotOpen, details: { path } });
    expect(existsSync(dirname(path))).toBe(false);
    const folder = temporaryFile();
    mkdirSync(folder);
    await expect(sqliteDatabase({ path: folder })).rejects.toMatchObject(cannotOpen);
  });

  test('a full disk: the unit fails as a whole, reading goes on, and writing as soon as there is room', async () => {
    const path = temporaryFile();
    const database = await sqliteDatabase({ path, maxFileBytes: 400_000 });
    const large = JSON.stringify('x'.repeat(20_000));
    const fill = async () => {
      for (;;)
        await database.writeStore.commit({ entries: [eventNamed('s', large), eventNamed('t', large)] });
    };
    const error = await fill().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'disk-full', retryable: true, origin: 'infrastructure' });
    expect(textIn(error)).toContain(path);
    const count = async () => (await database.reader.readAll(undefined, unlimited)).entries.length;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    expect(before % 2).toBe(0);
    await database.close();

    const roomier = await sqliteDatabase({ path, maxFileBytes: 4_000_000 });
    await roomier.writeStore.commit({ entries: [eventNamed('s', large)] });
    expect((await roomier.reader.readAll(undefined, unlimited)).entries).toHaveLength(before + 1);
    await roomier.close();
  });

  test('a full disk in a session: its own error comes out, and the session is over', async () => {
    const database = await sqliteDatabase({
      path: temporaryFile(),
      maxFileBytes: 400_000,
      migrations: [{ name: 'blobs', sql: 'CREATE TABLE blobs (n)' }],
    });
    const transaction = await database.writeStore.begin(timing);
    const fill = () => {
      for (;;) transaction.native.run('INSERT INTO blobs VALUES (zeroblob(50000))');
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'disk-full' }));
    // Whoever swallows that error must not commit what SQLite has already taken back.
    await expect(transaction.commit({ entries: [eventNamed('s')] })).rejects.toMatchObject({
      code: 'transaction-ended-by-statement',
    });
    expect(database.rows.get('SELECT count(*) AS n FROM blobs')).toMatchObject({ n: 0 });
    await database.writeStore.commit({ entries: [eventNamed('small')] });
    await database.close();
  });
});

describe('migrations', () => {
  const first = { name: 'orders', sql: 'CREATE TABLE orders (id TEXT PRIMARY KEY)' };
  const second = { name: 'totals', sql: 'ALTER TABLE orders ADD COLUMN total INTEGER' };

  test('run once each, in order, also when they come later', async () => {
    const path = temporaryFile();
    await (await sqliteDatabase({ path, migrations: [first] })).close();
    await (await sqliteDatabase({ path, migrations: [first, second] })).close();
    const database = await sqliteDatabase({ path, migrations: [first, second] });
    expect(database.rows.all('SELECT id, total FROM orders')).toEqual([]);
    await database.close();
  });

  test('one that fails leaves nothing of any, and the file as it was', async () => {
    const path = temporaryFile();
    await (await sqliteDatabase({ path })).close();
    const failing = { name: 'failing', sql: 'CREATE TABLE more (n); CREATE TABLE more (n)' };
    await expect(sqliteDatabase({ path, migrations: [first, failing] })).rejects.toThrow('more');
    const tables = await withFile(path, (file) =>
      file.all("SELECT name FROM sqlite_schema WHERE name IN ('orders', 'more')"),
    );
    expect(tables).toEqual([]);
    await (await sqliteDatabase({ path, migrations: [first] })).close();
  });

  test('one whose text was changed is refused', async () => {
    const path = temporaryFile();
    await (await sqliteDatabase({ path, migrations: [first] })).close();
    const changed = { ...first, sql: `${first.sql} -- and more` };
    await expect(sqliteDatabase({ path, migrations: [changed] })).rejects.toMatchObject({
      code: 'migration-changed',
    });
  });

  test('one that ends the transaction is refused', async () => {
    const path = temporaryFile();
    const ending = { name: 'ending', sql: 'CREATE TABLE t (n); COMMIT' };
    await expect(sqliteDatabase({ path, migrations: [ending] })).rejects.toMatchObject({
      code: 'migration-ended-transaction',
    });
  });
});

describe('a session’s native transaction', () => {
  const migrations = [{ name: 'rows', sql: 'CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT UNIQUE)' }];

  async function begun() {
    const clock = new FakeClock();
    const database = await sqliteDatabase({ path: temporaryFile(), migrations, clock });
    const transaction = await database.writeStore.begin(timing);
    return { database, clock, transaction, native: transaction.native };
  }

  test('runs statements, sees its own rows, and nobody else does until the commit', async () => {
    const { database, transaction, native } = await begun();
    expect(native.run('INSERT INTO rows (text) VALUES (?)', 'a')).toEqual({ changes: 1, lastInsertRowid: 1 });
    const insert = native.prepare('INSERT INTO rows (text) VALUES (?)');
    for (const text of ['b', "'; DROP TABLE rows; --"]) insert.run(text);
    expect(native.all<{ text: string }>('SELECT text FROM rows').map(({ text }) => text)).toEqual([
      'a',
      'b',
      "'; DROP TABLE rows; --",
    ]);
    expect(database.rows.get('SELECT count(*) AS n FROM rows')).toMatchObject({ n: 0 });
    await transaction.commit({ entries: [] });
    expect(database.rows.get('SELECT count(*) AS n FROM rows')).toMatchObject({ n: 3 });
    await database.close();
  });

  test('gives the driver’s own error for a statement that fails, and goes on', async () => {
    const { database, transaction, native } = await begun();
    native.run('INSERT INTO rows (text) VALUES (?)', 'a');
    expect(() => native.run('INSERT INTO rows (text) VALUES (?)', 'a')).toThrow('UNIQUE');
    native.run('INSERT INTO rows (text) VALUES (?)', 'b');
    await transaction.commit({ entries: [] });
    expect(database.rows.get('SELECT count(*) AS n FROM rows')).toMatchObject({ n: 2 });
    await database.close();
  });

  test('promise 1: a statement that ends the transaction ends the session, and its batch is not written', async () => {
    const { database, transaction, native } = await begun();
    native.run('COMMIT');
    const ended = expect.objectContaining({ code: 'transaction-ended-by-statement' });
    expect(() => native.run('INSERT INTO rows (text) VALUES (?)', 'a')).toThrow(ended);
    await expect(transaction.commit({ entries: [eventNamed('s')] })).rejects.toEqual(ended);
    await transaction.rollback();
    expect((await database.reader.readAll(undefined, unlimited)).entries).toEqual([]);
    await database.writeStore.commit({ entries: [eventNamed('free again')] });
    await database.close();
  });

  test('a text that SQLite would cut off is refused, with its place', async () => {
    const { database, transaction, native } = await begun();
    expect(() => native.run('INSERT INTO rows (text) VALUES (?)', 'a\0b')).toThrow(
      expect.objectContaining({ code: 'text-not-storable', details: { parameter: 1 } }),
    );
    await transaction.rollback();
    await database.close();
  });

  test('is not usable after its end, nor past its time', async () => {
    const { database, clock, transaction, native } = await begun();
    await clock.advance(60_001);
    expect(() => native.get('SELECT 1')).toThrow(expect.objectContaining({ code: 'time-limit' }));
    await transaction.rollback();
    const next = await database.writeStore.begin(timing);
    await next.rollback();
    expect(() => next.native.all('SELECT 1')).toThrow(expect.objectContaining({ code: 'session-over' }));
    await database.close();
  });

  test('what is read outside a session cannot write', async () => {
    const { database, transaction } = await begun();
    await transaction.rollback();
    expect(() => database.rows.all("INSERT INTO rows (text) VALUES ('x') RETURNING id")).toThrow(
      expect.objectContaining({ code: 'database-read-only' }),
    );
    await database.close();
  });
});

test('names that SQLite would not tell apart are kept apart', async () => {
  const database = await sqliteDatabase({ path: temporaryFile() });
  const names = ['a', 'a\0b', 'a\0c', '\ud800', '\udbff', '\uf8ff', '\uf8ff0000', 'a\uf8ff', '🧾'];
  for (const name of names)
    await database.writeStore.commit({ entries: [eventNamed(name, JSON.stringify({ name }))] });
  for (const name of names) {
    const events = await database.writeStore.loadStream({ tenant: 'default', name });
    expect(events.map(({ stream, data }) => [stream, JSON.parse(data)])).toEqual([[name, { name }]]);
  }
  await database.close();
});

test('streams whose names have the same hash are kept apart', async () => {
  const database = await sqliteDatabase({ path: temporaryFile() });
  const [one, other] = ['stream-2301', 'stream-17150'].map((name) => ({ tenant: 'default', name }));
  expect(streamHash(one!)).toBe(streamHash(other!));
  for (const { name } of [one!, other!, one!])
    await database.writeStore.commit({ entries: [eventNamed(name, JSON.stringify(name))] });
  const shown = async (stream: typeof one) =>
    (await database.writeStore.loadStream(stream!)).map(({ version, data }) => [version, JSON.parse(data)]);
  expect(await shown(one)).toEqual([
    [1, 'stream-2301'],
    [2, 'stream-2301'],
  ]);
  expect(await shown(other)).toEqual([[1, 'stream-17150']]);
  await database.close();
});

import { DiptychError, restored, stored } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { loadDriver } from './sqlite-driver.js';
import { commitError, isLocked, sqliteError } from './sqlite-errors.js';
import { pauses } from './sqlite-writer.js';

const thrown = (errcode: number, text = 'text of SQLite') =>
  Object.assign(new Error(text), { code: 'ERR_SQLITE_ERROR', errcode });

describe('an error of SQLite', () => {
  test.each([
    [5, 'unavailable', true],
    [261, 'unavailable', true],
    [6, 'unavailable', true],
    [8, 'database-read-only', false],
    [1032, 'database-read-only', false],
    [10, 'unavailable', true],
    [11, 'database-corrupt', false],
    [267, 'database-corrupt', false],
    [13, 'disk-full', true],
    [14, 'database-cannot-open', false],
    [26, 'database-corrupt', false],
  ])('%i is %s, an infrastructure fault that names the file', (errcode, code, retryable) => {
    const cause = thrown(errcode);
    const error = sqliteError(cause, '/data/shop.db') as DiptychError;
    expect(error).toMatchObject({ code, retryable, origin: 'infrastructure', cause });
    expect(error.message).toContain("'/data/shop.db'");
  });

  test('without a code is told by SQLite’s own text', () => {
    const locked = Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR' });
    expect(isLocked(locked)).toBe(true);
    expect(sqliteError(new Error('database or disk is full'), 'x')).toMatchObject({ code: 'disk-full' });
  });

  test('of the program’s own statements stays as it is: a constraint, a syntax error, a value', () => {
    for (const error of [thrown(1), thrown(19), thrown(2067), new TypeError('a value'), 'text', undefined])
      expect(sqliteError(error, 'x')).toBe(error);
  });

  test('that is an error of ours already is not wrapped', () => {
    const error = new DiptychError({ code: 'some', message: 'Some.' });
    expect(sqliteError(error, 'x')).toBe(error);
  });
});

describe('an error of COMMIT', () => {
  test('where the disk failed leaves the outcome unknown', () => {
    expect(commitError(thrown(1034), 'x')).toMatchObject({ code: 'outcome-unknown', retryable: true });
  });

  test('of another kind committed nothing', () => {
    expect(commitError(thrown(13), 'x')).toMatchObject({ code: 'disk-full' });
    expect(commitError(thrown(5), 'x')).toMatchObject({ code: 'unavailable' });
  });
});

test('the pauses between questions to a locked file begin short, stay short, and come to an end', () => {
  for (const total of [1, 50, 5_000]) {
    const all = [...pauses(total)];
    const sum = all.reduce((one, other) => one + other, 0);
    expect(Math.max(...all)).toBeLessThan(20);
    expect(all[0]).toBeLessThan(2);
    expect(sum).toBeGreaterThanOrEqual(total);
    expect(sum).toBeLessThan(total + 20);
  }
});

test('a Node without a driver of its own gets the package', async () => {
  const driver = await loadDriver('22.0.0');
  expect(driver.DatabaseSync).toBe((await import('@photostructure/sqlite')).DatabaseSync);
});

test('texts are stored as they are, except those that SQLite would change', () => {
  for (const text of ['', 'order-42', 'ä 日本 🧾', 'x'.repeat(1_000)]) expect(stored(text)).toBe(text);
  const odd = ['a\0b', '\ud800', '\udc00x', '\uf8ff', '\uf8ff0000', '\0'];
  expect(new Set(odd.map(stored)).size).toBe(odd.length);
  for (const text of odd) {
    expect(stored(text)).not.toMatch(/\0|\p{Surrogate}/u);
    expect(restored(stored(text))).toBe(text);
  }
});

import { DiptychError, isDiptychError } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { writtenBy } from './open-sql-transaction.js';
import { sqlError } from './sql-errors.js';

function fault(facts: {
  readonly number?: number;
  readonly code?: string;
  readonly message?: string;
}): Error {
  return Object.assign(new Error(facts.message ?? 'it failed'), facts);
}

describe('what the driver throws', () => {
  // Numbers from https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
  test.each([
    [2627, 'duplicate-key', false],
    [2601, 'duplicate-key', false],
    [1205, 'concurrency-conflict', true],
    [3960, 'concurrency-conflict', true],
    [1222, 'unavailable', true],
    [40_613, 'unavailable', true],
    [40_501, 'unavailable', true],
    [10_928, 'unavailable', true],
    [49_918, 'unavailable', true],
    [41_302, 'unavailable', true],
    [1105, 'disk-full', true],
    [9002, 'disk-full', true],
    [18_456, 'database-login', false],
    [4060, 'database-cannot-open', false],
    [229, 'database-forbidden', false],
    [262, 'database-forbidden', false],
    [208, 'schema-missing', false],
  ])('number %i is %s, retryable %s', (number, code, retryable) => {
    expect(sqlError(fault({ number, code: 'EREQUEST' }))).toMatchObject({ code, retryable });
  });

  test.each(['ETIMEOUT', 'ESOCKET', 'ECONNCLOSED', 'ECONNREFUSED'])(
    '%s: the server did not answer, and may be asked again',
    (code) => {
      expect(sqlError(fault({ code }))).toMatchObject({ code: 'unavailable', retryable: true });
    },
  );

  test('a refused login has no number, and is told as what it is', () => {
    expect(sqlError(fault({ code: 'ELOGIN' }))).toMatchObject({ code: 'database-login' });
  });

  test('what is not the server’s stays as it is, and ours too', () => {
    const own = new DiptychError({ code: 'own', message: 'mine' });
    const other = new TypeError('x is not a function');
    expect([sqlError(own), sqlError(other)]).toEqual([own, other]);
    const syntax = fault({ number: 102, code: 'EREQUEST' });
    expect(sqlError(syntax)).toBe(syntax);
  });

  test('its configuration, with the password, is not handed on', () => {
    const leaky = Object.assign(fault({ code: 'ESOCKET' }), { config: { password: 'secret' } });
    const error = sqlError(leaky) as DiptychError;
    expect(JSON.stringify([error, error.cause])).not.toContain('secret');
    expect(Object.keys(error.cause as object)).not.toContain('config');
  });
});

describe('the answer to a final batch', () => {
  const judge = (error: Error) => sqlError(error);

  test('with the row behind the commit it is done, whatever comes after that', () => {
    expect(writtenBy([[['1:2:0:1;']]], [], judge)).toBe('1:2:0:1;');
    // SQL Server complains of a call that leaves another count of transactions than it found.
    expect(writtenBy([[['']]], [fault({ number: 266, code: 'EREQUEST' })], judge)).toBe('');
  });

  test('with a complaint of the server’s it was not done', () => {
    expect(() => writtenBy([], [fault({ number: 1205, code: 'EREQUEST' })], judge)).toThrow(
      expect.objectContaining({ code: 'concurrency-conflict' }),
    );
  });

  test.each([
    { code: 'ETIMEOUT' },
    { code: 'ESOCKET' },
    { code: 'ECONNCLOSED' },
    { number: 596, code: 'EREQUEST' },
    { number: 40_197, code: 'EREQUEST' },
  ])('promise 4: with neither nobody knows: %o', (facts) => {
    let error: unknown;
    try {
      writtenBy([], [fault(facts)], judge);
    } catch (thrown) {
      error = thrown;
    }
    expect(isDiptychError(error, 'outcome-unknown')).toBe(true);
  });

  test('promise 4: also where only the complaint of the count came', () => {
    expect(() => writtenBy([], [fault({ number: 266, code: 'EREQUEST' })], judge)).toThrow(
      expect.objectContaining({ code: 'outcome-unknown' }),
    );
  });
});

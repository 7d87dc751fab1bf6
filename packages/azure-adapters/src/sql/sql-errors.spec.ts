import { DiptychError, isDiptychError } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { writtenBy } from './open-sql-transaction.js';
import { sqlError, storeError } from './sql-errors.js';

function fault(facts: {
  readonly number?: number;
  readonly code?: string;
  readonly message?: string;
  readonly class?: number;
  readonly name?: string;
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

describe('what the database says to a statement of ours', () => {
  test.each([
    fault({ number: 102, code: 'EREQUEST' }),
    new TypeError('x is not a function'),
    fault({ number: 50_000, code: 'EREQUEST' }),
  ])('promise 6: is a fault of the store, which no message parks for: %o', (error) => {
    expect(storeError(error)).toMatchObject({ code: 'database-error', origin: 'infrastructure' });
  });

  test.each([
    fault({ name: 'TimeoutError', message: 'operation timed out for an unknown reason' }),
    new AggregateError([fault({ code: 'EFEDAUTH' })], 'Security token could not be authenticated'),
    fault({ code: 'ETIMEDOUT' }),
    fault({ number: 701, code: 'EREQUEST' }),
    fault({ number: 3906, code: 'EREQUEST' }),
    fault({ number: 9001, code: 'EREQUEST' }),
  ])('may be said again later: %o', (error) => {
    expect(storeError(error)).toMatchObject({ code: 'unavailable', retryable: true });
  });

  test('promise 6: a value that is too long for its column is the message’s fault', () => {
    const truncated = fault({ number: 2628, code: 'EREQUEST' });
    expect(storeError(truncated)).toBe(truncated);
  });
});

describe('the answer to a final batch', () => {
  const committing = { judge: (error: Error) => sqlError(error), mayBeCommitted: true };

  test('with the row behind the commit it is done, whatever comes after that', () => {
    expect(writtenBy([[['1:2:0:1;']]], [], committing)).toBe('1:2:0:1;');
    // SQL Server complains of a call that leaves another count of transactions than it found.
    expect(writtenBy([[['']]], [fault({ number: 266, code: 'EREQUEST' })], committing)).toBe('');
  });

  test('with a complaint of the server’s it was not done', () => {
    expect(() => writtenBy([], [fault({ number: 1205, code: 'EREQUEST' })], committing)).toThrow(
      expect.objectContaining({ code: 'concurrency-conflict' }),
    );
  });

  test.each([
    { code: 'ETIMEOUT' },
    { code: 'ESOCKET' },
    { code: 'ECONNCLOSED' },
    { number: 596, code: 'EREQUEST' },
    { number: 40_197, code: 'EREQUEST' },
    // A socket's own codes, and a server that ends the connection by an error that nobody has listed.
    { code: 'ETIMEDOUT' },
    { code: 'EHOSTUNREACH' },
    { code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
    { number: 3624, class: 20, code: 'EREQUEST' },
    // The driver has such without a number: "unexpected end of message stream".
    { code: 'EREQUEST' },
    {},
  ])('promise 4: with neither nobody knows: %o', (facts) => {
    let error: unknown;
    try {
      writtenBy([], [fault(facts)], committing);
    } catch (thrown) {
      error = thrown;
    }
    expect(isDiptychError(error, 'outcome-unknown')).toBe(true);
  });

  test.each([{ name: 'ConnectionError', code: 'ESOCKET' }, { name: 'TimeoutError' }, { code: 'ENOTOPEN' }])(
    'that was never sent did nothing, and may be sent again: %o',
    (facts) => {
      expect(() => writtenBy([], [fault(facts)], committing)).toThrow(
        expect.objectContaining({ code: 'unavailable', retryable: true }),
      );
    },
  );

  test('of several calls, one before the last left nothing for good', () => {
    const before = { ...committing, mayBeCommitted: false };
    expect(() => writtenBy([], [fault({ code: 'ESOCKET' })], before)).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
  });

  test('promise 4: a row that says that a transaction is open still proves nothing', () => {
    expect(() => writtenBy([[[null]]], [], committing)).toThrow(
      expect.objectContaining({ code: 'outcome-unknown' }),
    );
  });

  test('promise 4: also where only the complaint of the count came', () => {
    expect(() => writtenBy([], [fault({ number: 266, code: 'EREQUEST' })], committing)).toThrow(
      expect.objectContaining({ code: 'outcome-unknown' }),
    );
  });
});

import { inspect } from 'node:util';
import { isDiptychError } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { cosmosError } from './cosmos-errors.js';
import { mayBeDone } from './request-failure.js';

const asked = { doing: 'write documents', container: 'orders' };
const answered = (code: number, substatus?: number) =>
  Object.assign(new Error('The service says this.'), { code, substatus });

const ofInfrastructure = { origin: 'infrastructure' };
const passing = { code: 'unavailable', retryable: true, ...ofInfrastructure };

describe('an answer of Cosmos DB as an error of ours', () => {
  test.each([
    [401, 0, { code: 'database-login', retryable: false, ...ofInfrastructure }],
    [403, 0, { code: 'database-forbidden', retryable: false, ...ofInfrastructure }],
    [403, 5300, { code: 'database-forbidden', retryable: false, ...ofInfrastructure }],
    [403, 3, passing],
    [403, 1008, passing],
    [403, 1014, { code: 'partition-full', retryable: false, ...ofInfrastructure }],
    [404, 0, { code: 'container-missing', retryable: false, ...ofInfrastructure }],
    [404, 1003, { code: 'container-missing', retryable: false, ...ofInfrastructure }],
    [404, 1002, passing],
    [400, 0, { code: 'cosmos-refused', retryable: false, origin: 'message' }],
    [413, 0, { code: 'document-too-large', retryable: false, origin: 'message' }],
    [408, 0, passing],
    [410, 1002, passing],
    [500, 0, passing],
    [503, 0, passing],
    [409, 0, { code: 'concurrency-conflict', retryable: true }],
    [412, 0, { code: 'concurrency-conflict', retryable: true }],
    [449, 0, { code: 'concurrency-conflict', retryable: true }],
    [429, 3200, { code: 'throttled', retryable: true, ...ofInfrastructure }],
    [599, 0, passing],
  ])('status %i/%i', (status, substatus, expected) => {
    expect(cosmosError(answered(status, substatus), asked)).toMatchObject(expected);
    // Of bulk operations and batches.
    expect(cosmosError({ code: status, substatus }, asked)).toMatchObject(expected);
    expect(cosmosError({ statusCode: status, subStatusCode: substatus }, asked)).toMatchObject(expected);
  });

  test.each([
    [408, true],
    [410, true],
    [500, true],
    [503, true],
    [429, false],
    [449, false],
    [401, false],
    [413, false],
    ['ECONNRESET', true],
    ['TimeoutError', true],
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
  ])('a write that fails with %s may have been done: %s', (code, expected) => {
    const error = Object.assign(new Error('It failed.'), { code });
    expect(mayBeDone(error)).toBe(expected);
    const isUnknown = isDiptychError(cosmosError(error, { ...asked, writes: true }), 'outcome-unknown');
    expect(isUnknown).toBe(expected);
    expect(isDiptychError(cosmosError(error, asked), 'outcome-unknown')).toBe(false);
  });

  test('says how long the service wants to be left alone', () => {
    for (const throttled of [
      { code: 429, retryAfterInMs: 7 },
      { statusCode: 429, retryAfterMilliseconds: 7 },
    ])
      expect(cosmosError(throttled, asked)).toMatchObject({
        details: { status: 429, retryAfterInMs: 7, container: 'orders' },
      });
  });

  test('is read from the text where the SDK leaves nothing else of a batch', () => {
    const text = (message: string) => cosmosError(new Error(`Batch request error: ${message}`), asked);
    expect(text('Message: {"Errors":["Request rate is large."]}')).toMatchObject({ code: 'throttled' });
    expect(text('Message: {"Errors":["Request size is too large"]}')).toMatchObject({
      code: 'document-too-large',
    });
    expect(text('socket hang up')).toMatchObject({ code: 'unavailable' });
  });

  test('of one of ours that was throttled for too long, it is known that nothing was done', () => {
    expect(mayBeDone(cosmosError(answered(429), { ...asked, writes: true }))).toBe(false);
  });

  test('is left as it is where it is one of ours already', () => {
    const error = cosmosError(answered(429), asked);
    expect(cosmosError(error, { doing: 'do something else' })).toBe(error);
  });

  test('names what was to be done and the activity, and nothing that a request or its answer carried', () => {
    const error = Object.assign(new Error('Bad document: secret-of-ada'), {
      code: 400,
      substatus: 1001,
      activityId: 'a-1',
      body: { message: 'secret-of-ada' },
      headers: { authorization: 'type=master&sig=secret-of-the-key' },
      request: { headers: { authorization: 'secret-of-the-key' }, body: 'secret-of-ada' },
      diagnostics: { url: 'https://…/docs/secret-of-ada' },
    });
    const told = inspect(cosmosError(error, asked), { depth: 10, showHidden: true });
    expect(told).toContain("could not write documents in 'orders'");
    expect(told).toContain('status 400/1001, activity a-1');
    expect(told).not.toContain('secret');
  });

  test('is an error of ours whatever was thrown', () => {
    for (const thrown of [undefined, null, 'text', 7, {}, [], new TypeError('Cannot read')])
      expect(cosmosError(thrown, asked)).toMatchObject(passing);
  });
});

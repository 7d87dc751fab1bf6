import { expect, it } from 'vitest';
import { RefusedError } from './domain-errors.js';

it('a refusal cannot have a code by which the framework decides what happens next', () => {
  for (const code of ['concurrency-conflict', 'unavailable', 'outcome-unknown', 'forbidden']) {
    expect(() => new RefusedError(code, 'No.')).toThrow(expect.objectContaining({ code: 'code-reserved' }));
  }
  expect(new RefusedError('sold-out', 'No.').code).toBe('sold-out');
});

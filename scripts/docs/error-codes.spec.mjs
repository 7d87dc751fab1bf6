import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { problemRules } from '../../packages/core/src/http/problem-rules.ts';
import { errorCodes } from './error-codes.mjs';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d*) ?\| (.+) \|$/gm)];

describe('the page of error codes', () => {
  test('has every code that the sources name, once, and no other', () => {
    expect(rows.map(([, code]) => code).sort()).toEqual(errorCodes());
  });

  test('gives each the status that HTTP callers see', () => {
    for (const [, code, status] of rows) {
      if (code === 'internal') continue;
      expect([code, status]).toEqual([code, String(problemRules[code]?.status ?? '')]);
    }
  });
});

test('the search for codes finds them in each of the ways that sources name them', () => {
  expect(errorCodes()).toEqual(
    expect.arrayContaining([
      'fenced',
      'role-absent',
      'too-deep',
      'fold-asynchronous',
      'lifetime-mismatch',
      'internal',
    ]),
  );
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { problemRules } from './problem-rules.js';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

it('the README lists every code with its status', () => {
  const rows = Object.entries(problemRules).map(
    ([code, { status, retryAfterInS }]) => `| \`${code}\` | ${status} | ${retryAfterInS ?? ''} |`,
  );
  const listed = readme.slice(readme.indexOf('| code | status')).split('\n').slice(2);
  expect(listed.filter((line) => line !== '').map((line) => line.replace(/ +\|$/, ' |'))).toEqual(
    rows.map((row) => row.replace(/ +\|$/, ' |')),
  );
});

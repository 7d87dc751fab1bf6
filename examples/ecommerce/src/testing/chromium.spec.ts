import { delimiter, dirname } from 'node:path';
import { expect, it } from 'vitest';
import { chromiumPath } from './chromium.js';

const executable = process.execPath;

it('finds the Chromium that is named, where it can be run, and else none', () => {
  const PATH = ['', '/nowhere'].join(delimiter);
  expect(chromiumPath({ CHROMIUM_PATH: executable, PATH })).toBe(executable);
  expect(chromiumPath({ CHROMIUM_PATH: '/nowhere/chromium', PATH })).toBeUndefined();
  expect(chromiumPath({ PATH: dirname(import.meta.dirname) })).toBeUndefined();
  expect(chromiumPath({})).toBeUndefined();
});

import { expect, test } from 'vitest';
import { runBuilt } from '../testing/built.js';
import { defectNames } from './defects/defect.js';

// Each takes half a minute and more.
test.each(defectNames)('a shop with a defect is found out: %s', async (defect) => {
  const { output, code } = await runBuilt('crash/main.js', '--kills', '40', '--seed', '1', '--break', defect);
  expect(code, output).toBe(0);
});

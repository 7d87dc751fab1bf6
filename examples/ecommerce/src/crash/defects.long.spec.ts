import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { built } from '../testing/built.js';
import { defectNames } from './defects/defect.js';

// Each takes half a minute and more.
test.each(defectNames)('a shop with a defect is found out: %s', async (defect) => {
  const child = spawn(
    process.execPath,
    [built('crash/main.js'), '--kills', '40', '--seed', '1', '--break', defect],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(code, output).toBe(0);
});

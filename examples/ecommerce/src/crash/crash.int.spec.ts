import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { built } from '../testing/built.js';

/** `npm run test:crash` without the compiling. */
async function crash(...args: readonly string[]) {
  const child = spawn(process.execPath, [built('crash/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { output, lastLine: output.trimEnd().split('\n').at(-1), code };
}

test('promises 1 to 8: of shops that are killed again and again nothing is lost, and nothing happens twice', async () => {
  const { output, lastLine, code } = await crash('--kills', '10', '--seed', '1');
  expect(lastLine, output).toBe('lost 0, duplicated 0');
  expect(code).toBe(0);
  const [, kills, inCommands] = /(\d+) {2}kills by SIGKILL, (\d+) of them/.exec(output)!.map(Number);
  expect(kills).toBeGreaterThanOrEqual(10);
  expect(inCommands).toBeGreaterThanOrEqual(kills! / 2);
}, 120_000);

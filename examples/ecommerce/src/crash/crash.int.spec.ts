import { expect, test } from 'vitest';
import { runBuilt } from '../testing/built.js';

test('promises 1 to 8: of shops that are killed again and again nothing is lost, and nothing happens twice', async () => {
  const { output, code } = await runBuilt('crash/main.js', '--kills', '10', '--seed', '1');
  expect(output.trimEnd().split('\n').at(-1), output).toBe('lost 0, duplicated 0');
  expect(code).toBe(0);
  const [, kills, inCommands] = /(\d+) {2}kills by SIGKILL, (\d+) of them/.exec(output)!.map(Number);
  expect(kills).toBeGreaterThanOrEqual(10);
  expect(inCommands).toBeGreaterThanOrEqual(kills! / 2);
}, 120_000);

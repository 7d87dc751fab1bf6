// npm test -- <paths and vitest options>: all specs, or those under the given paths. --long adds the slow ones.
import { build, install } from './ready.mjs';
import { run } from './run.mjs';
import { root } from './workspace.mjs';

const args = process.argv.slice(2);
const long = args.includes('--long');

await install();
await build();
process.exitCode = await run(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...args.filter((arg) => arg !== '--long')],
  { cwd: root, env: long ? { ...process.env, DIPTYCH_LONG: '1' } : process.env },
);

// Runs the pnpm that package.json names, so that a machine with only Node and npm can build the workspace.
// Usage: node scripts/pnpm.mjs <pnpm arguments>
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';
import { root } from './workspace.mjs';

// Windows finds npx and pnpm only as .cmd files, which need a shell.
const shell = process.platform === 'win32';

function wantedPnpm() {
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const [name, version] = packageManager.split('+')[0].split('@');
  if (name !== 'pnpm' || !version)
    throw new Error(`packageManager must name a pnpm version: ${packageManager}`);
  return version;
}

/** The command and leading arguments that start the wanted pnpm: an identical installed one, else npx. */
export function pnpmCommand() {
  const version = wantedPnpm();
  const installed = spawnSync('pnpm', ['--version'], { cwd: root, shell, encoding: 'utf8' });
  if (installed.status === 0 && installed.stdout.trim() === version) return ['pnpm'];
  // --yes where npm is set to ask; --prefer-offline saves about a minute on a warm machine without a network.
  return ['npx', '--yes', '--prefer-offline', `pnpm@${version}`];
}

export function pnpm(args, options) {
  const [command, ...leading] = pnpmCommand();
  return run(command, [...leading, ...args], { cwd: root, shell, ...options });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await pnpm(process.argv.slice(2));
}

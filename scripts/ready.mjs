// Brings a clone to a state in which built code can run: dependencies installed, packages compiled.
// Silent when quick and successful, and never on stdout, which belongs to the program that follows.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pnpm } from './pnpm.mjs';
import { collect, run } from './run.mjs';
import { root, workspacePackages } from './workspace.mjs';

const silentForMs = 1500;
const installStamp = `${root}node_modules/.diptych-installed`;

export async function install() {
  // pnpm needs a second or more to find that nothing changed, and each `npm run shop` would pay it.
  if (existsSync(installStamp) && readFileSync(installStamp, 'utf8') === inputsOfInstall()) return;
  await quietly('Installing dependencies', (onOutput) => pnpm(['install'], { onOutput }));
  writeFileSync(installStamp, inputsOfInstall());
}

export async function build(project = 'tsconfig.build.json') {
  await quietly('Compiling', (onOutput) => typescriptBuild(project, { onOutput }));
}

/** `tsc -b` on a project of this workspace. */
export function typescriptBuild(project, options) {
  return run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', project], { cwd: root, ...options });
}

function inputsOfInstall() {
  const files = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml'];
  for (const { folder } of workspacePackages()) files.push(`${folder}/package.json`);
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\n`);
    if (existsSync(root + file)) hash.update(readFileSync(root + file));
  }
  return hash.digest('hex');
}

/** Runs a preparing step; what it prints is shown, on stderr, only when it fails. */
async function quietly(title, start) {
  const announce = setTimeout(() => process.stderr.write(`${title} …\n`), silentForMs);
  const { code, output } = await collect(start);
  clearTimeout(announce);
  if (code === 0) return;
  process.stderr.write(`${title} failed\n${output}`);
  process.exit(code);
}

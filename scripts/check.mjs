// npm run check -- <steps>: everything about the code that a tool can tell, or only the named steps.
import { readFileSync } from 'node:fs';
import { install, typescriptBuild } from './ready.mjs';
import { collect, run } from './run.mjs';
import { root } from './workspace.mjs';

await install();

const tool =
  (path, ...args) =>
  async () => {
    const { code, output } = await collect((onOutput) =>
      run(process.execPath, [`node_modules/${path}`, ...args], { cwd: root, onOutput }),
    );
    return code === 0 ? [] : [output.trim()];
  };

const steps = {
  style: tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=50', '.'),
  types: async () => {
    const { code, output } = await collect((onOutput) => typescriptBuild('tsconfig.json', { onOutput }));
    return code === 0 ? [] : [output.trim()];
  },
  imports: async () => (await import('./checks/imports.mjs')).checkImports(),
  unused: tool('knip/bin/knip.js', '--no-progress', '--no-config-hints'),
  packages: async () => (await import('./checks/packages.mjs')).checkPackages(),
  lockfile: () => {
    const lines = readFileSync(`${root}pnpm-lock.yaml`, 'utf8').split('\n');
    return lines
      .filter((line) => /https?:\/\/|tarball:/.test(line))
      .map((line) => `pnpm-lock.yaml must not name where packages come from: ${line.trim()}`);
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}; the steps are ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}

const faults = [];
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const found = await step();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${found.length === 0 ? 'ok    ' : 'FAULTS'}  ${name.padEnd(10)} ${seconds.padStart(5)} s`);
  if (found.length > 0) faults.push(`\n── ${name} ──\n${found.join('\n')}`);
}

if (faults.length > 0) {
  console.log(faults.join('\n'));
  process.exitCode = 1;
}

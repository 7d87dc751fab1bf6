// Compares a package's `exports` with what its build made, in both directions.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {string[]} one line per fault */
export function exportFaults(folder, manifest) {
  const faults = [];
  const targets = new Set();
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    if (subpath === './package.json') continue;
    const { types, default: code } = target;
    if (!types?.endsWith('.d.ts') || !code?.endsWith('.js')) {
      faults.push(`exports["${subpath}"] needs "types" and "default"`);
      continue;
    }
    if (types !== code.replace(/\.js$/, '.d.ts')) {
      faults.push(`exports["${subpath}"] has types and code of different files: ${types}, ${code}`);
    }
    for (const file of [types, code]) {
      targets.add(file);
      if (!existsSync(join(folder, file)))
        faults.push(`exports["${subpath}"] names ${file}, which is not built`);
    }
  }
  for (const index of indexFiles(join(folder, 'src'))) {
    const built = `./dist/${index.replace(/\.ts$/, '.js')}`;
    if (!targets.has(built)) faults.push(`src/${index} is an index that no line of exports names`);
  }
  return faults;
}

function indexFiles(source) {
  if (!existsSync(source)) return [];
  return readdirSync(source, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path === 'index.ts' || path.endsWith('/index.ts'));
}

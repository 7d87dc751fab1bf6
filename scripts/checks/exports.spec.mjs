import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { exportFaults } from './exports.mjs';

let folder;
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function faults(files, exports) {
  folder = mkdtempSync(join(tmpdir(), 'exports-'));
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return exportFaults(folder, { exports });
}

const entry = (path) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });

test('exports that match the build are fine', () => {
  const files = ['src/index.ts', 'dist/index.js', 'dist/index.d.ts'];
  expect(faults(files, { '.': entry('index'), './package.json': './package.json' })).toEqual([]);
});

test('an export without a built file is found', () => {
  expect(faults(['dist/index.js'], { '.': entry('index') })).toEqual([
    'exports["."] names ./dist/index.d.ts, which is not built',
  ]);
});

test('an index that nobody can import is found', () => {
  const files = ['src/index.ts', 'src/redis/index.ts', 'dist/index.js', 'dist/index.d.ts'];
  expect(faults(files, { '.': entry('index') })).toEqual([
    'src/redis/index.ts is an index that no line of exports names',
  ]);
});

test('types beside other code are found', () => {
  const files = ['dist/index.js', 'dist/other.d.ts'];
  expect(faults(files, { '.': { types: './dist/other.d.ts', default: './dist/index.js' } })).toHaveLength(1);
});

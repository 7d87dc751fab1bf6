import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { layerRules, packageRules, serviceRules } from './import-rules.mjs';
import { importFaults } from './imports.mjs';

const core = 'packages/core/src';
const rules = [...layerRules(core, ['journal', 'relay', 'app']), ...packageRules];

let base;
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** The names of the rules that these files, given as path → imported specifiers, break. */
async function broken(files, ruleSet = rules) {
  base = mkdtempSync(join(tmpdir(), 'imports-'));
  for (const [path, imports] of Object.entries(files)) {
    mkdirSync(join(base, dirname(path)), { recursive: true });
    const lines = imports.map((specifier) => `import type { X } from '${specifier}';`);
    writeFileSync(join(base, path), [...lines, 'export type X = string;', ''].join('\n'));
  }
  const faults = await importFaults([...new Set(Object.keys(files).map(sourceFolder))], ruleSet, base);
  return [...new Set(faults.map((fault) => fault.split(':')[0]))].sort();
}

const sourceFolder = (path) => path.split('/').slice(0, 3).join('/');

describe('layers', () => {
  test('imports down the list and inside a folder are fine', async () => {
    expect(
      await broken({
        [`${core}/index.ts`]: ['./app/app.js'],
        [`${core}/app/app.ts`]: ['../relay/relay.js', '../journal/journal.js'],
        [`${core}/relay/relay.ts`]: ['./batch.js', '../journal/journal.js', 'node:async_hooks'],
        [`${core}/relay/batch.ts`]: [],
        [`${core}/journal/journal.ts`]: [],
      }),
    ).toEqual([]);
  });

  test('a type import up the list is found', async () => {
    expect(
      await broken({
        [`${core}/journal/journal.ts`]: ['../relay/relay.js'],
        [`${core}/relay/relay.ts`]: [],
      }),
    ).toEqual(['layer-journal']);
  });

  test('an import of the entry from a folder is found', async () => {
    expect(
      await broken({
        [`${core}/index.ts`]: [],
        [`${core}/relay/relay.ts`]: ['../index.js'],
      }),
    ).toEqual(['layer-relay', 'no-folder-index']);
  });

  test('a folder that is not in the list is found', async () => {
    expect(
      await broken({
        [`${core}/extras/extra.ts`]: ['../journal/journal.js'],
        [`${core}/journal/journal.ts`]: [],
      }),
    ).toEqual(['layer-unlisted-importer']);
  });

  test('specs may look anywhere', async () => {
    expect(
      await broken({
        [`${core}/journal/journal.spec.ts`]: ['../relay/relay.js', 'node:fs'],
        [`${core}/relay/relay.ts`]: [],
      }),
    ).toEqual([]);
  });
});

describe('packages', () => {
  test('a circle of type imports is found', async () => {
    expect(
      await broken({
        [`${core}/relay/a.ts`]: ['./b.js'],
        [`${core}/relay/b.ts`]: ['./a.js'],
      }),
    ).toEqual(['no-circles']);
  });

  test('a folder index imported inside its package is found', async () => {
    expect(
      await broken({
        [`${core}/app/app.ts`]: ['../journal/index.js'],
        [`${core}/journal/index.ts`]: [],
      }),
    ).toEqual(['no-folder-index']);
  });

  test('core may use no other part of the runtime than async_hooks', async () => {
    expect(await broken({ [`${core}/app/app.ts`]: ['node:fs'] })).toEqual(['core-without-runtime']);
  });

  test('another package’s source is out of reach, and so is one that the table does not allow', async () => {
    expect(
      await broken({
        'packages/testing/src/given.ts': ['../../core/src/app/app.js', '../../sqlite-adapters/src/store.js'],
        [`${core}/app/app.ts`]: [],
        'packages/sqlite-adapters/src/store.ts': [],
      }),
    ).toEqual(['no-relative-import-of-a-package', 'package-testing', 'public-entries-only']);
  });

  test('a drawer is found', async () => {
    expect(
      await broken({
        [`${core}/app/app.ts`]: ['./helpers/text.js'],
        [`${core}/app/helpers/text.ts`]: [],
      }),
    ).toEqual(['no-drawers']);
  });

  test('an import of nothing is found', async () => {
    expect(await broken({ [`${core}/app/app.ts`]: ['./gone.js'] })).toContain('resolvable');
  });
});

test('one service’s folder never imports another’s', async () => {
  const folder = 'packages/azure-adapters';
  expect(
    await broken(
      {
        [`${folder}/src/redis/redis-store.ts`]: ['../cosmos/cosmos-codec.js', '../identity/credential.js'],
        [`${folder}/src/cosmos/cosmos-codec.ts`]: [],
        [`${folder}/src/identity/credential.ts`]: [],
      },
      [...packageRules, ...serviceRules(folder, ['redis', 'cosmos'])],
    ),
  ).toEqual(['one-service-one-folder']);
});

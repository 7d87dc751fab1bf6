import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { codeBlocksIn, refreshed } from './code-blocks.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');

describe.each(documents)('%s', (document) => {
  test('shows code as it stands in its files; scripts/docs/code-blocks.mjs puts it there', () => {
    for (const { code, expected } of codeBlocksIn(read(document), read)) expect(code).toBe(expected);
  });

  test('links to files that are there', () => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      ([, link]) => link,
    );
    const dead = links.filter((link) => !existsSync(join(root, dirname(document), link)));
    expect(dead).toEqual([]);
  });
});

describe('the README', () => {
  test('is short, and has the first running thing near its top', () => {
    const lines = read('README.md').trimEnd().split('\n');
    expect(lines.length).toBeLessThan(120);
    expect(lines.findIndex((line) => line.startsWith('npm run shop'))).toBeLessThan(20);
  });
});

test('the index of the documentation leads to each of its pages', () => {
  const pages = documents.filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/README.md');
  const index = read('docs/README.md');
  expect(pages.filter((path) => !index.includes(`](${path.slice('docs/'.length)})`))).toEqual([]);
});

describe('code blocks', () => {
  const source = 'const a = 1;\n// #region b\nconst b = 2;\n// #endregion\n';
  const document = '<!-- code: a.ts#b -->\n```ts\nold\n```\n';

  test('that differ from their file are found and refreshed', () => {
    expect(codeBlocksIn(document, () => source)).toMatchObject([
      { code: 'old\n', expected: 'const b = 2;\n' },
    ]);
    expect(refreshed(document, () => source)).toBe('<!-- code: a.ts#b -->\n```ts\nconst b = 2;\n```\n');
  });

  test('of a piece from the inside of something lose its indent', () => {
    const nested = 'class A {\n  // #region b\n  b() {\n    return 1;\n  }\n  // #endregion\n}\n';
    const shown = '<!-- code: a.ts#b -->\n```ts\nb() {\n  return 1;\n}\n```\n';
    expect(refreshed(document, () => nested)).toBe(shown);
  });

  test('of a region that is not there are an error', () => {
    expect(() => codeBlocksIn('<!-- code: a.ts#c -->\n```ts\n```\n', () => source)).toThrow("no region 'c'");
  });
});

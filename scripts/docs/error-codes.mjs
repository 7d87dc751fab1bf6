import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));

/** The ways in which sources name the code of an error: an error's `code`, or the first argument of what makes one. */
const named = [
  /\bcode: '([a-z][a-z-]+)'/g,
  /\bnew (?:ProgrammingError|RequestError|RefusedError)\(\s*'([a-z][a-z-]+)'/g,
  /(?:\bfaultAt|#fail)\(\s*'([a-z][a-z-]+)'/g,
  /\bextends (?:ProgrammingError|RequestError)\b[^}]*?\bsuper\(\s*'([a-z][a-z-]+)'/g,
  /\?\? '(internal)'/g,
];

/** Every error code that the packages' sources name, specs, their fixtures and test suites aside. */
export function errorCodes() {
  const codes = new Set();
  for (const file of sourceFiles()) {
    const text = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '');
    for (const pattern of named) {
      for (const [, code] of text.matchAll(pattern)) codes.add(code);
    }
  }
  return [...codes].sort();
}

function sourceFiles() {
  return readdirSync(packages)
    .map((name) => join(packages, name, 'src'))
    .filter((folder) => existsSync(folder) && !folder.endsWith('testing/src'))
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.ts') && !/\.(spec|test-d)\.ts$|\/fixtures\//.test(file));
}

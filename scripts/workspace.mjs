// The packages of this workspace, read from its folders.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export function workspacePackages() {
  const inside = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(`${root}${parent}`).map((name) => `${parent}/${name}`),
  );
  return [...inside, 'bench']
    .filter((folder) => existsSync(`${root}${folder}/package.json`))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')),
    }));
}

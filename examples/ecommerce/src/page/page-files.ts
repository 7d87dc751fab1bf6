import { readdir, readFile } from 'node:fs/promises';
import { catalogue } from './catalogue.js';

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

// The same from `src` and from `dist`: what is not compiled is read from the sources, the rest from the build.
const package_ = new URL('../../', import.meta.url);
const staticFolder = new URL('src/page/static/', package_);
const browserFolder = new URL('dist/page/browser/', package_);

/** All that the page consists of, by path, so that no request names a file. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const modules = (await readdir(browserFolder)).filter((name) => name.endsWith('.js'));
  return new Map<string, PageFile>([
    ['/', await file('text/html; charset=utf-8', new URL('index.html', staticFolder))],
    ['/style.css', await file('text/css; charset=utf-8', new URL('style.css', staticFolder))],
    ['/catalogue.json', { type: 'application/json', body: JSON.stringify(catalogue) }],
    ...(await Promise.all(
      modules.map(
        async (name) =>
          [
            `/browser/${name}`,
            await file('text/javascript; charset=utf-8', new URL(name, browserFolder)),
          ] as const,
      ),
    )),
  ]);
}

async function file(type: string, path: URL): Promise<PageFile> {
  return { type, body: await readFile(path, 'utf8') };
}

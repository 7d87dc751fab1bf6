import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RedisProgram } from './redis-program.js';

const run = promisify(execFile);

/** The server is a link to a program of the tools. */
const packages = ['redis-server', 'redis-tools'];

/**
 * Debian's Redis with the libraries that it needs and the system has not, in a folder. Several processes may ask at
 * once: each unpacks into a folder of its own, and the first to be done gives it the name that all look for.
 */
export async function unpackedRedis(cacheFolder: string): Promise<RedisProgram | undefined> {
  const folder = join(cacheFolder, 'debian-redis');
  if (!existsSync(folder)) await unpackInto(folder).catch(() => undefined);
  const program = await programIn(folder);
  return program !== undefined && (await runs(program)) ? program : undefined;
}

async function unpackInto(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const workFolder = await mkdtemp(`${folder}-`);
  try {
    const root = join(workFolder, 'root');
    for (const file of await downloaded(workFolder)) await run('dpkg-deb', ['-x', file, root]);
    await rename(root, folder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function downloaded(folder: string): Promise<readonly string[]> {
  const apt = await aptIn(folder);
  await apt(['download', ...packages]);
  const [tools] = await debsIn(folder, 'redis-tools');
  const { stdout } = await run('dpkg-deb', ['-f', tools!, 'Depends']);
  const missing = await notInstalled(librariesIn(stdout));
  if (missing.length > 0) await apt(['download', ...missing]);
  return debsIn(folder);
}

/** `apt-get` by the lists of packages that the system has; where it has none, by lists of our own. */
async function aptIn(folder: string) {
  const apt = (options: readonly string[]) => (words: readonly string[]) =>
    run('apt-get', ['-qq', ...options, ...words], { cwd: folder });
  const own = ['lists', 'cache'].map((name) => join(folder, name));
  const withOwn = [`Dir::State::lists=${own[0]}`, `Dir::Cache=${own[1]}`].flatMap((option) => ['-o', option]);
  try {
    await apt([])(['download', '--print-uris', ...packages]);
    return apt([]);
  } catch {
    for (const path of own)
      await mkdir(join(path, path === own[0] ? 'partial' : 'archives/partial'), { recursive: true });
    await apt(withOwn)(['update']);
    return apt(withOwn);
  }
}

/** Of each choice the first. The C library is the system's own. */
function librariesIn(depends: string): readonly string[] {
  const names = depends.split(',').map((one) => one.trim().split(/[\s|(]/)[0]!);
  return names.filter((name) => /^(lib|lua)/.test(name) && name !== 'libc6');
}

async function notInstalled(names: readonly string[]): Promise<readonly string[]> {
  const installed = await Promise.all(
    names.map((name) =>
      run('dpkg-query', ['-s', name]).then(
        ({ stdout }) => /^Status: .* installed$/m.test(stdout),
        () => false,
      ),
    ),
  );
  return names.filter((_, at) => !installed[at]);
}

async function debsIn(folder: string, name = ''): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.startsWith(name) && file.endsWith('.deb'))
    .map((file) => join(folder, file));
}

async function programIn(folder: string): Promise<RedisProgram | undefined> {
  const path = join(folder, 'usr/bin/redis-server');
  if (!existsSync(path)) return undefined;
  const base = join(folder, 'usr/lib');
  const inside = existsSync(base) ? await readdir(base) : [];
  return { path, libraries: [base, ...inside.map((name) => join(base, name))].join(':') };
}

function runs({ path, libraries }: RedisProgram): Promise<boolean> {
  return run(path, ['--version'], { env: { ...process.env, LD_LIBRARY_PATH: libraries } }).then(
    () => true,
    () => false,
  );
}

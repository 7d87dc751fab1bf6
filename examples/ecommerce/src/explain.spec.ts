import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explain } from './explain.js';
import { page } from './page/page.js';
import { startPageServer } from './page/page-server.js';
import { shopOptions } from './shop-options.js';
import { databaseFile, sqliteStorage } from './storage/sqlite-storage.js';
import { temporaryFolder } from './testing/storages.js';

async function explained(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return explain(error);
  }
  throw new Error('It did not fail.');
}

test('a wrong argument is answered with how it is done', async () => {
  expect(await explained(() => shopOptions(['--inport'], {}))).toMatch(/--inport[\s\S]*npm run shop --/);
});

test('a folder that cannot be made is named, with what to set', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(await explained(() => sqliteStorage(join(file, 'data')))).toMatch(/file\/data'.*Set SHOP_DATA/);
});

test('a file that is no database is named, and stays as it was', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, databaseFile), 'no database '.repeat(100));
  const told = await explained(() => sqliteStorage(folder));
  expect(told).toContain(join(folder, databaseFile));
  expect(told).toContain('(database-corrupt)');
});

test('a port that is taken is told without a stack', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { readonly port: number };
  expect(await explained(() => startPageServer(page({ messages: async () => new Response() }), port))).toBe(
    `Port ${port} is in use. Set PORT to another one, or to 0 for any that is free.`,
  );
  taken.close();
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openForReplay } from './replay-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-replay-'));
  await writeFile(join(folder, 'names.csv'), 'first,last\nAda,Lovelace\n');
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['missing.csv', 'There is no such file.'],
  ['names.csv', 'does not name InvoiceNo'],
  ['', 'It is'],
])('says why %j cannot be imported', async (name, reason) => {
  const path = join(folder, name);
  await expect(openForReplay(path)).rejects.toThrow(`Cannot import '${path}'. `);
  await expect(openForReplay(path)).rejects.toThrow(reason);
});

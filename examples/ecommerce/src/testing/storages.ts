import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@diptych/core';
import { FakeClock, type TestApp, testApp } from '@diptych/testing';
import { afterAll } from 'vitest';
import { shopProgram } from '../shop.js';
import { memoryStorage } from '../storage/memory-storage.js';
import type { ShopStorage } from '../storage/shop-storage.js';
import { sqliteStorage } from '../storage/sqlite-storage.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, which is removed when the spec file has run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'diptych-shop-'));
  folders.push(folder);
  return folder;
}

/** Every place that the shop can keep its state in, for `describe.each`. Each call opens a new one. */
export const storages: readonly {
  readonly name: string;
  readonly open: (clock?: Clock) => Promise<ShopStorage>;
}[] = [
  { name: 'memory', open: async (clock) => memoryStorage(clock) },
  { name: 'sqlite', open: (clock) => sqliteStorage(temporaryFolder(), clock && { clock }) },
];

/** The shop on a storage, in a test's hands. */
export async function testShop(open: (typeof storages)[number]['open']): Promise<TestApp> {
  const clock = new FakeClock();
  const { database, orders, transport = false, close } = await open(clock);
  const { snapshots } = database;
  const shop = await testApp({ ...shopProgram({ orders, snapshots }), database, clock, transport });
  return {
    ...shop,
    async stop() {
      await shop.stop();
      await close();
    },
  };
}

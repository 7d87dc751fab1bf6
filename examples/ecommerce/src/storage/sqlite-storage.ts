import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type SqliteDatabaseOptions, sqliteDatabase } from '@diptych/sqlite-adapters';
import { SqliteOrderRepository } from '../orders/sqlite-order-repository.js';
import { orderTables } from '../orders/sqlite-order-tables.js';
import type { ShopStorage } from './shop-storage.js';

/** The folder of the shop's data can neither be used nor made. */
export class UnusableFolderError extends Error {}

export const databaseFile = 'shop.db';

// #region storage
/**
 * Everything in one file of that folder, which is made when it is not there. Several processes may use it. The
 * migrations in the options come after the shop's own.
 * @throws UnusableFolderError; DiptychError as `sqliteDatabase` does.
 */
export async function sqliteStorage(
  folder: string,
  { migrations = [], ...options }: Omit<SqliteDatabaseOptions, 'path'> = {},
): Promise<ShopStorage> {
  await makeFolder(folder);
  const path = join(folder, databaseFile);
  const database = await sqliteDatabase({ ...options, path, migrations: [...orderTables, ...migrations] });
  return { database, orders: new SqliteOrderRepository(), close: () => database.close() };
}
// #endregion

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UnusableFolderError(
      `The folder '${folder}' cannot be made: ${(error as Error).message}. Set SHOP_DATA to another one.`,
      { cause: error },
    );
  }
}

import { rm } from 'node:fs/promises';
import type { SqliteDatabase } from '@diptych/sqlite-adapters';
import { sqliteStorage } from '../../storage/sqlite-storage.js';
import { crashMigrations } from '../child/crash-migrations.js';
import { readSqlite } from '../judge/sqlite-rows.js';
import type { Ground } from './ground.js';

/** One file in a folder. */
export function sqliteGround(folder: string): Ground {
  return {
    environment: { SHOP_DATA: folder, SHOP_SQL_URL: '' },
    open: (migrations) => sqliteStorage(folder, { migrations: crashMigrations(migrations) }),
    rows: async ({ database }) => readSqlite((database as SqliteDatabase).rows),
    remove: () => rm(folder, { recursive: true, force: true }),
    place: folder,
  };
}

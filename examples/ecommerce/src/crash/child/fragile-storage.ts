import { loadDriver } from '@diptych/sqlite-adapters';
import type { ShopOptions } from '../../shop-options.js';
import type { ShopStorage } from '../../storage/shop-storage.js';
import { sqlStorage } from '../../storage/sql-storage.js';
import { sqliteStorage } from '../../storage/sqlite-storage.js';
import { type Defect, withDefect } from '../defects/defect.js';
import type { Stores } from '../stores.js';
import { crashMigrations, sqlCrashMigrations, sqlCrashPartitions } from './crash-migrations.js';
import type { Fuse } from './fuse.js';
import type { StaleOwnerWatch } from './stale-owner-watch.js';
import { steppedDriver } from './stepped-driver.js';
import { steppedReadModels } from './stepped-read-models.js';
import { stepRequests } from './stepped-requests.js';
import { steppedSubscriptions } from './stepped-subscriptions.js';
import { steppedWriteStore } from './stepped-write-store.js';

export interface FragileOptions {
  readonly folder: string;
  /** An Azure SQL database in place of the folder. */
  readonly sql: ShopOptions['sql'];
  readonly fuse: Fuse;
  readonly watch: StaleOwnerWatch;
  readonly defect: Defect | undefined;
  readonly migrations: number;
}

/** The shop's storage, with a fuse at every step, perhaps a defect, and somebody who watches from outside. */
export async function fragileStorage(options: FragileOptions): Promise<ShopStorage> {
  const { fuse, watch, defect } = options;
  const storage = await steppedStorage(options);
  const whole = storage.database as Stores;
  const stepped: Stores = {
    ...whole,
    writeStore: steppedWriteStore(whole.writeStore, fuse),
    readModels: steppedReadModels(whole.readModels, fuse),
    subscriptions: steppedSubscriptions(whole.subscriptions, fuse),
  };
  const stores = defect === undefined ? stepped : withDefect(stepped, defect);
  return {
    ...storage,
    database: { ...stores, subscriptions: watch.standIn(stores.subscriptions, whole.subscriptions) },
  };
}

/** The storage with the moments inside of transactions that no port shows. */
async function steppedStorage({ folder, sql, fuse, migrations }: FragileOptions): Promise<ShopStorage> {
  if (sql !== undefined) {
    stepRequests(fuse);
    const { url, schema } = sql;
    const partitions = sqlCrashPartitions;
    return sqlStorage(url, { schema, partitions, migrations: sqlCrashMigrations(schema, migrations) });
  }
  return sqliteStorage(folder, {
    driver: steppedDriver(await loadDriver(), fuse),
    migrations: crashMigrations(migrations),
  });
}

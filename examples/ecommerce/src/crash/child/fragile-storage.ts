import { loadDriver } from '@diptych/sqlite-adapters';
import type { ShopStorage } from '../../storage/shop-storage.js';
import { sqliteStorage } from '../../storage/sqlite-storage.js';
import { type Defect, withDefect } from '../defects/defect.js';
import type { Stores } from '../stores.js';
import { crashMigrations } from './crash-migrations.js';
import type { Fuse } from './fuse.js';
import type { StaleOwnerWatch } from './stale-owner-watch.js';
import { steppedDriver } from './stepped-driver.js';
import { steppedReadModels } from './stepped-read-models.js';
import { steppedSubscriptions } from './stepped-subscriptions.js';
import { steppedWriteStore } from './stepped-write-store.js';

export interface FragileOptions {
  readonly folder: string;
  readonly fuse: Fuse;
  readonly watch: StaleOwnerWatch;
  readonly defect: Defect | undefined;
  readonly migrations: number;
}

/** The shop's SQLite storage, with a fuse at every step, perhaps a defect, and somebody who watches from outside. */
export async function fragileStorage(options: FragileOptions): Promise<ShopStorage> {
  const { folder, fuse, watch, defect, migrations } = options;
  const storage = await sqliteStorage(folder, {
    driver: steppedDriver(await loadDriver(), fuse),
    migrations: crashMigrations(migrations),
  });
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

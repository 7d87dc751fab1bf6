import { namedReadModels } from '../../read-models/named-read-models.js';
import type { ShopReadModels } from '../../read-models/shop-read-models.js';
import { tellOn } from '../../services/connections.js';
import type { ShopOptions } from '../../shop-options.js';
import type { ShopStorage } from '../../storage/shop-storage.js';
import type { Fuse } from './fuse.js';
import { steppedReadModels } from './stepped-read-models.js';

/** The shop's read models that are not in its database, with a fuse around each write. */
export async function fragileReadModels(
  options: ShopOptions,
  storage: ShopStorage,
  fuse: Fuse,
): Promise<ShopReadModels> {
  const { stores, ...others } = await namedReadModels(options, storage, tellOn(process.stderr));
  const stepped = Object.entries(stores).map(
    ([projection, store]) => [projection, steppedReadModels(store, fuse)] as const,
  );
  return { ...others, stores: Object.fromEntries(stepped) };
}

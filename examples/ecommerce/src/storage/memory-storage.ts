import type { Clock } from '@diptych/core';
import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { MemoryOrderRepository } from '../orders/memory-order-repository.js';
import type { ShopStorage } from './shop-storage.js';

/** Nothing outlives the process. Events go over a transport all the same, as they do where there is a broker. */
export function memoryStorage(clock?: Clock): ShopStorage {
  return {
    database: memoryDatabase({ clock }),
    orders: new MemoryOrderRepository(),
    transport: memoryTransport({ clock }),
    close: async () => {},
  };
}

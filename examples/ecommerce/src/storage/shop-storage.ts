import type { ReadModelStore, Transport, WritableDatabase } from '@diptych/core';
import type { OrderRepository } from '../orders/order-repository.js';

/** Where a shop keeps what it knows: the one thing about it that differs from place to place. */
export interface ShopStorage {
  readonly database: WritableDatabase & { readonly readModels: ReadModelStore };
  /** The write model's own rows, in the same database. */
  readonly orders: OrderRepository;
  /** Default: none; whoever follows the journal then reads it. */
  readonly transport?: Transport;
  /** To be called when the shop has stopped. */
  close(): Promise<void>;
}

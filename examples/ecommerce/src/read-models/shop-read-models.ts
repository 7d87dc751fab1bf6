import type { AppOptions } from '@diptych/core';

/** Read models that are kept elsewhere than in the shop's database, each where its shape fits what is asked. */
export interface ShopReadModels {
  /** By the projections' names. */
  readonly stores: NonNullable<AppOptions['readModels']>;
  /** To be called when the shop has stopped. */
  close(): Promise<void>;
}

/** All of them are in the database. */
export const noReadModels: ShopReadModels = { stores: {}, close: async () => {} };

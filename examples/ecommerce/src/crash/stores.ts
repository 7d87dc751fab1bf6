import type { ReadModelStore, WritableDatabase } from '@diptych/core';

/** What a shop keeps its state in, read models included. */
export interface Stores extends WritableDatabase {
  readonly readModels: ReadModelStore;
}

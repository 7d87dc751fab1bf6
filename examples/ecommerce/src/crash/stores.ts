import type { Database, ReadModelStore } from '@diptych/core';

/** What a shop keeps its state in, read models included. */
export interface Stores extends Database {
  readonly readModels: ReadModelStore;
}

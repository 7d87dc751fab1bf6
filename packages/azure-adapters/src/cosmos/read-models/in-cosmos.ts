import { type MirroredHandle, ProgrammingError, type ReadModel } from '@diptych/core';
import { CosmosReadModelHandle } from './native-handle.js';

/**
 * A read model's documents to be asked in Cosmos DB's SQL, also where they are mirrored elsewhere.
 * @throws ProgrammingError `cosmos-not-kept` where they are in another store.
 */
export function inCosmos(model: ReadModel<unknown>): CosmosReadModelHandle {
  const native = model.native();
  const handle = (native as Partial<MirroredHandle> | undefined)?.primary ?? native;
  if (handle instanceof CosmosReadModelHandle) return handle;
  throw new ProgrammingError(
    'cosmos-not-kept',
    'This read model is not kept in Cosmos DB: give the app cosmosReadModels(…) for it.',
  );
}

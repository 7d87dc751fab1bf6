import type {
  Container,
  CosmosHeaders,
  OperationInput,
  OperationResponse,
  PartitionKey,
  RequestOptions,
} from '@azure/cosmos';
import { failureOf } from './kept-failures.js';

export interface BatchAnswer {
  /** In the order of the operations. Where one was refused, the others have 424 and nothing was done. */
  readonly result: readonly OperationResponse[];
  readonly headers: CosmosHeaders;
}

/**
 * One transactional batch of at most 100 operations. The operations stay as they are, which the SDK changes otherwise.
 * @throws what happened to the request itself, for `cosmosError` to read: the SDK leaves only its text.
 */
export async function executeBatch(
  container: Container,
  operations: readonly OperationInput[],
  partitionKey: PartitionKey,
  options: RequestOptions = {},
): Promise<BatchAnswer> {
  const own = { ...options };
  try {
    const copies = operations.map((operation) => ({ ...operation }));
    const { result = [], headers = {} } = await container.items.batch(copies, partitionKey, own);
    return { result, headers };
  } catch (error) {
    throw failureOf(own) ?? error;
  }
}

import type { Container, JSONObject, OperationInput, SqlParameter } from '@azure/cosmos';
import type { BulkAnswer, BulkRequests } from './bulk-requests.js';
import { readError } from './read-model-errors.js';

/** An item of a copy, as it was found to be removed. */
export interface FoundItem {
  readonly id: string;
  readonly tenant: string;
  readonly place: string;
  readonly etag: string;
}

/** How many are looked at, and removed, in one step. */
const itemsAtOnce = 500;

/** The items of one copy that fulfil a condition, page by page, with these properties beside where they are. */
export async function* itemsOfCopy<Item extends FoundItem>(
  container: Container,
  copy: string,
  { properties = '', condition = 'true', parameters = [] as readonly SqlParameter[] } = {},
): AsyncGenerator<readonly Item[]> {
  const query = {
    query: `SELECT c.id, c.tenant, c.place, c._etag AS etag${properties} FROM c WHERE c.copy = @copy AND ${condition}`,
    parameters: [{ name: '@copy', value: copy }, ...parameters],
  };
  const options = { partitionKey: [copy], maxItemCount: itemsAtOnce };
  const pages = container.items.query<Item & JSONObject>(query, options);
  while (pages.hasMoreResults()) {
    const { resources = [] } = await pages.fetchNext().catch((error: unknown) => {
      throw readError(error);
    });
    yield resources;
  }
}

/** Removes items that nobody has written since they were found. */
export function removeItems(
  bulk: BulkRequests,
  copy: string,
  items: readonly FoundItem[],
): Promise<readonly BulkAnswer[]> {
  return bulk.run(
    items.map(({ id, tenant, place, etag }): OperationInput => {
      const partitionKey = [copy, tenant, place];
      return { operationType: 'Delete', id, partitionKey, ifMatch: etag } as OperationInput;
    }),
  );
}

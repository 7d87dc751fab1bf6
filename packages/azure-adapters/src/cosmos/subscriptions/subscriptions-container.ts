import type { ContainerDefinition } from '@azure/cosmos';

/** What queries look for. Nothing else is indexed: it would cost each write. */
const indexed = ['kind', 'partition', 'keyId', 'messageId', 'isHead', 'position', 'place', 'runAt'];

export const partitionKeyPath = '/subscription';

/** How the container of subscriptions is made. */
export function subscriptionsContainer(id: string): ContainerDefinition {
  return {
    id,
    partitionKey: { paths: [partitionKeyPath] },
    indexingPolicy: {
      automatic: true,
      indexingMode: 'consistent',
      includedPaths: indexed.map((path) => ({ path: `/${path}/?` })),
      excludedPaths: [{ path: '/*' }],
    },
  };
}

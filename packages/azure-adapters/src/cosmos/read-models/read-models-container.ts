import type { ContainerDefinition } from '@azure/cosmos';

export const partitionKeyPaths: readonly string[] = ['/copy', '/tenant', '/place'];

/** How the container of read models is made. Everything in a document is indexed, for queries of the program's own. */
export function readModelsContainer(id: string): ContainerDefinition {
  return {
    id,
    partitionKey: { paths: [...partitionKeyPaths], kind: 'MultiHash' as never, version: 2 },
    indexingPolicy: {
      automatic: true,
      indexingMode: 'consistent',
      includedPaths: [{ path: '/*' }],
      excludedPaths: [
        { path: '/marks/?' },
        { path: '/copies/*' },
        { path: '/deadline/*' },
        { path: '/"_etag"/?' },
      ],
    },
  };
}

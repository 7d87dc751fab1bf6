import { CosmosClient } from '@azure/cosmos';
import { expect, test } from 'vitest';
import { startCosmos } from '../start-cosmos.js';

test('items that come under ids of deleted ones stay', async () => {
  const containers = [{ id: 'c', partitionKey: { paths: ['/p'] } }];
  const cosmos = await startCosmos({ config: { databases: [{ id: 'd', containers }] } });
  const client = new CosmosClient(cosmos.connectionString);
  const { items } = client.database('d').container('c');
  const create = (id: string) => ({ operationType: 'Create' as const, resourceBody: { id, p: 'x' } });
  const remove = (id: string) => ({ operationType: 'Delete' as const, id });
  for (let round = 0; round < 5; round++) {
    await items.batch(['1', '2', '3'].map(create), 'x');
    await items.batch([remove('1')], 'x');
    await items.batch(['2', '3'].map(remove), 'x');
    await items.batch(['1', '2'].map(create), 'x');
    const { resources } = await items.readAll({ partitionKey: 'x' }).fetchAll();
    expect(resources.map(({ id }) => id)).toEqual(['1', '2']);
    await items.batch(['1', '2'].map(remove), 'x');
  }
  client.dispose();
  await cosmos.stop();
});

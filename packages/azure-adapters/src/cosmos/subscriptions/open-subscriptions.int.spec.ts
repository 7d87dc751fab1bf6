import { startCosmos } from '@diptych/azure-emulators';
import { describe, expect, test } from 'vitest';
import { type CosmosDatabase, cosmosDatabase } from '../requests/cosmos-database.js';
import { cosmosSubscriptions } from './open-subscriptions.js';

const request = { subscription: 'orders/v1', partitions: [0], owner: 'a', leaseInMs: 1_000 };

async function withDatabase(body: (database: CosmosDatabase) => Promise<void>): Promise<void> {
  const cosmos = await startCosmos();
  const database = await cosmosDatabase({ connection: cosmos.connectionString, database: 'shop' });
  try {
    await body(database);
  } finally {
    await database.close();
    await cosmos.stop();
  }
}

describe('the container of subscriptions', () => {
  test('is made when it is not there, and found again', () =>
    withDatabase(async (database) => {
      const first = await cosmosSubscriptions({ database });
      expect((await first.acquire(request)).owned).toHaveLength(1);
      const second = await cosmosSubscriptions({ database, provision: 'validate' });
      expect(await second.state('orders/v1')).toMatchObject([{ owner: 'a' }]);
    }));

  test('is missed where it is only looked for', () =>
    withDatabase(async (database) => {
      await expect(cosmosSubscriptions({ database, provision: 'validate' })).rejects.toMatchObject({
        code: 'subscriptions-container',
        details: { container: 'subscriptions' },
      });
    }));

  test('is refused where it has another partition key, or would forget', () =>
    withDatabase(async (database) => {
      const partitionKey = { paths: ['/subscription'] };
      await database.native.containers.create({ id: 'other-key', partitionKey: { paths: ['/id'] } });
      await database.native.containers.create({ id: 'forgets', partitionKey, defaultTtl: 60 });
      await database.native.containers.create({ id: 'keeps', partitionKey, defaultTtl: -1 });
      for (const container of ['other-key', 'forgets'])
        await expect(cosmosSubscriptions({ database, container })).rejects.toMatchObject({
          code: 'subscriptions-container',
        });
      await expect(cosmosSubscriptions({ database, container: 'keeps' })).resolves.toBeDefined();
    }));

  test('of a service that is not there is unavailable', async () => {
    const cosmos = await startCosmos();
    const database = await cosmosDatabase({ connection: cosmos.connectionString, database: 'shop' });
    await cosmos.stop();
    await expect(cosmosSubscriptions({ database })).rejects.toMatchObject({ code: 'unavailable' });
    await database.close();
  });
});

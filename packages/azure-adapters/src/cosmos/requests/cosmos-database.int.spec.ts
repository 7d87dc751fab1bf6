import { CosmosClient, type CosmosClientOptions } from '@azure/cosmos';
import { FaultPlan, type RunningCosmos, startCosmos } from '@diptych/azure-emulators';
import { afterEach, describe, expect, test } from 'vitest';
import { type CosmosGateway, cosmosGateway } from '../../fixtures/cosmos-gateway.js';
import { cosmosReadModels } from '../read-models/open-read-models.js';
import { cosmosSubscriptions } from '../subscriptions/open-subscriptions.js';
import { type CosmosDatabase, cosmosDatabase } from './cosmos-database.js';
import { cosmosError } from './cosmos-errors.js';
import type { CosmosDatabaseOptions } from './cosmos-options.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function running(options: Parameters<typeof startCosmos>[0] = {}) {
  const config = { databases: [{ id: 'shop', containers: [{ id: 'orders', partitionKey: key }] }] };
  const cosmos = await startCosmos({ config, ...options });
  closing.push(() => cosmos.stop());
  const gateway = await cosmosGateway(cosmos);
  closing.push(() => gateway.close());
  return { cosmos, gateway };
}

const key = { paths: ['/pk'] };

async function opened(options: CosmosDatabaseOptions): Promise<CosmosDatabase> {
  const database = await cosmosDatabase(options);
  closing.push(() => database.close());
  return database;
}

/** The service tells its own address, and a client would go there. */
const sdk = { connectionPolicy: { enableEndpointDiscovery: false } };

const behind = (
  cosmos: RunningCosmos,
  gateway: CosmosGateway,
  options: Partial<CosmosDatabaseOptions> = {},
) =>
  opened({ connection: { endpoint: gateway.endpoint, key: cosmos.key }, database: 'shop', sdk, ...options });

describe('a database of Cosmos DB', () => {
  test('is reached by a connection string, by a key, and by a client of the program’s own, which is left open', async () => {
    const { cosmos } = await running();
    const { connectionString, endpoint, key } = cosmos;
    const own = new CosmosClient(connectionString);
    const state = { isDisposed: false };
    const dispose = own.dispose.bind(own);
    own.dispose = () => {
      state.isDisposed = true;
      dispose();
    };
    for (const connection of [connectionString, { endpoint, key }, own]) {
      const database = await cosmosDatabase({ connection, database: 'shop' });
      const { resource } = await database.native.container('orders').read();
      expect(resource?.id).toBe('orders');
      await database.close();
    }
    expect(state.isDisposed).toBe(false);
    own.dispose();
  });

  test('is reached with a credential, whose token goes with each request', async () => {
    const { cosmos } = await running({ checksAccess: false });
    const asked: unknown[] = [];
    const tokens = new Set<string | undefined>();
    const credential = {
      getToken: async (scopes: string | string[]) => {
        asked.push(scopes);
        return { token: 'token-of-the-app', expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
    const database = await opened({
      // A token goes over TLS alone: the emulator has none, so the name leads there.
      connection: { endpoint: 'https://account.test/', credential },
      database: 'shop',
      sdk: { ...sdk, httpClient: overHttp(cosmos, tokens) },
    });
    await database.native.container('orders').items.create({ id: 'a', pk: 'p' });
    expect(asked[0]).toEqual(['https://account.test/.default']);
    expect([...tokens]).toEqual(['type=aad&ver=1.0&sig=token-of-the-app']);
  });

  test('is made when it is not there, or missed where it is only looked for', async () => {
    const { cosmos } = await running();
    const options = { connection: cosmos.connectionString, database: 'other' };
    await expect(cosmosDatabase({ ...options, provision: 'validate' })).rejects.toMatchObject({
      code: 'container-missing',
    });
    await opened(options);
    await opened({ ...options, provision: 'validate' });
  });

  test('is opened by processes that start together, and so are the containers in it', async () => {
    const { cosmos } = await running();
    const options = { connection: cosmos.connectionString, database: 'new' };
    const databases = await Promise.all(Array.from({ length: 5 }, () => opened(options)));
    await Promise.all(databases.map((database) => cosmosReadModels({ database })));
    await Promise.all(databases.map((database) => cosmosSubscriptions({ database })));
  });

  test('is refused in an account whose consistency is too weak, or that several regions write to', async () => {
    const { cosmos, gateway } = await running();
    for (const other of [
      { userConsistencyPolicy: { defaultConsistencyLevel: 'Eventual' } },
      { enableMultipleWriteLocations: true },
    ]) {
      gateway.meddle(({ path, answer }) =>
        path === '/' ? { ...answer, body: JSON.stringify({ ...parsed(answer.body), ...other }) } : undefined,
      );
      await expect(behind(cosmos, gateway)).rejects.toMatchObject({ code: 'cosmos-account' });
    }
  });

  test('is asked with the consistency Session, so that requests carry the token of what was written', async () => {
    const { cosmos, gateway } = await running();
    const seen = new Set<string | undefined>();
    const httpClient = watched(seen);
    const { native } = await behind(cosmos, gateway, { sdk: { ...sdk, httpClient } });
    await native.container('orders').item('a', 'p').read();
    expect([...seen]).toEqual(['Session']);
  });

  test('is read from in the region that is preferred', async () => {
    const { cosmos, gateway: south } = await running();
    const north = await cosmosGateway(cosmos);
    closing.push(() => north.close());
    const [inSouth, inNorth] = [
      { name: 'South', databaseAccountEndpoint: south.endpoint },
      { name: 'North', databaseAccountEndpoint: north.endpoint },
    ];
    south.meddle(({ path, answer }) => {
      if (path !== '/') return undefined;
      const locations = { writableLocations: [inSouth], readableLocations: [inSouth, inNorth] };
      return { ...answer, body: JSON.stringify({ ...parsed(answer.body), ...locations }) };
    });
    const database = await behind(cosmos, south, { preferredRegions: ['North', 'South'], sdk: {} });
    await database.native.container('orders').items.create({ id: 'a', pk: 'p' });
    expect(north.seen.paths).not.toContain('POST /dbs/shop/colls/orders/docs');
    await database.native.container('orders').item('a', 'p').read();
    expect(north.seen.paths).toContain('GET /dbs/shop/colls/orders/docs/a');
    expect(south.seen.paths).not.toContain('GET /dbs/shop/colls/orders/docs/a');
  });

  test('is waited for no longer than is allowed', async () => {
    const faults = new FaultPlan();
    const { cosmos, gateway } = await running({ faults });
    const { native } = await behind(cosmos, gateway, { requestTimeoutInMs: 1_000 });
    faults.add({ on: 'write', fault: 'delay', delayInMs: 1_500, times: 1 });
    const failed = native.container('orders').items.create({ id: 'a', pk: 'p' });
    await expect(failed).rejects.toMatchObject({ code: 'TimeoutError' });
  });

  test('with a wrong key is refused, and of a service that is not there it is unavailable', async () => {
    const { cosmos, gateway } = await running();
    await expect(behind({ ...cosmos, key: 'YmFk' }, gateway)).rejects.toMatchObject({
      code: 'database-login',
      retryable: false,
    });
    await gateway.close();
    await expect(behind(cosmos, gateway)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});

describe('requests that fail', () => {
  const asked = { doing: 'write documents', container: 'orders', writes: true };
  const failing = async (
    { cosmos, gateway }: Awaited<ReturnType<typeof running>>,
    container = 'orders',
    document: object = { id: 'a', pk: 'p' },
  ) => {
    const { native } = await behind(cosmos, gateway);
    return {
      native,
      failed: () =>
        native
          .container(container)
          .items.create(document)
          .catch((e) => cosmosError(e, asked)),
    };
  };

  test('for want of a container, or with a document that is too large', async () => {
    const ground = await running();
    expect(await (await failing(ground, 'none')).failed()).toMatchObject({ code: 'container-missing' });
    const large = { id: 'a', pk: 'p', text: 'x'.repeat(2_100_000) };
    expect(await (await failing(ground, 'orders', large)).failed()).toMatchObject({
      code: 'document-too-large',
    });
  });

  test.each([
    ['a page of a proxy', { status: 502, body: '<html>Bad gateway</html>' }],
    ['nothing', { status: 503 }],
    ['half of an answer', { status: 201, body: '{"id":' }],
    ['a time-out', { status: 408, body: '{"message":"It took too long."}' }],
  ])('with %s for an answer: nobody knows what was done', async (_, answer) => {
    const ground = await running();
    const { native, failed } = await failing(ground);
    ground.gateway.meddle(({ method }) => (method === 'POST' ? answer : undefined));
    expect(await failed()).toMatchObject({ code: 'outcome-unknown', retryable: true });
    ground.gateway.meddle(undefined);
    expect((await native.container('orders').item('a', 'p').read()).statusCode).toBe(200);
  });

  test('with a connection that is refused: nothing was done', async () => {
    const ground = await running();
    const { failed } = await failing(ground);
    await ground.gateway.close();
    expect(await failed()).toMatchObject({ code: 'unavailable', retryable: true });
  });
});

const parsed = (text: string | undefined) => JSON.parse(text ?? '{}') as object;

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;

/** Sends what it is given to the emulator. */
function overHttp(cosmos: RunningCosmos, tokens: Set<string | undefined>): HttpClient {
  return httpClient((url, headers) => {
    tokens.add(headers.authorization);
    return new URL(new URL(url).pathname, cosmos.endpoint);
  });
}

function watched(seen: Set<string | undefined>): HttpClient {
  return httpClient((url, headers) => {
    seen.add(headers['x-ms-consistency-level']);
    return new URL(url);
  });
}

function httpClient(address: (url: string, headers: Record<string, string>) => URL): HttpClient {
  return {
    async sendRequest(request) {
      const headers = request.headers.toJSON();
      const answer = await fetch(address(request.url, headers), {
        method: request.method,
        headers,
        ...(request.body !== undefined && request.body !== null && { body: request.body as string }),
      });
      for (const name of Object.keys(headers)) request.headers.delete(name);
      for (const [name, value] of answer.headers) request.headers.set(name, value);
      return { request, status: answer.status, headers: request.headers, bodyAsText: await answer.text() };
    },
  };
}

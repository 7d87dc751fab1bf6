import type { Account } from '../account/account.js';
import { badRequest, methodNotAllowed, notFound } from '../cosmos-error.js';
import type { JsonObject, JsonValue } from '../items/json.js';
import { queryResources } from '../query/query-resources.js';
import { onlyRange } from '../sessions/session-token.js';
import { type CosmosAnswer, type CosmosRequest, isTrue } from './cosmos-request.js';

/** Serves what is about the account, databases, containers, ranges and offers. */
export function serveAccount(account: Account, request: CosmosRequest, endpoint: string): CosmosAnswer {
  const { path } = request;
  const [kind, database, colls, container, ranges] = path;
  if (kind === undefined) return { status: 200, body: accountResource(endpoint) };
  if (kind === 'offers' && path.length <= 2) return serveOffers(account, request, database);
  if (kind === 'dbs' && path.length === 1) return serveDatabases(account, request);
  if (kind === 'dbs' && path.length === 2) return serveDatabase(account, request, database!);
  if (kind !== 'dbs' || colls !== 'colls') throw notFound(`There is no /${path.join('/')}.`);
  if (path.length === 3) return serveContainers(account, request, database!);
  if (path.length === 4) return serveContainer(account, request, database!, container!);
  if (path.length === 5 && ranges === 'pkranges' && request.method === 'GET') {
    return { status: 200, body: rangesOf(account.container(database!, container!).resource._rid) };
  }
  if (ranges === 'pkranges' || ranges === 'docs') return refused(request);
  throw notFound(`There is no ${request.method} /${path.join('/')}.`);
}

const accountResource = (endpoint: string): JsonObject => {
  const locations = [{ name: 'Emulator', databaseAccountEndpoint: endpoint }];
  return {
    id: 'emulator',
    _rid: 'emulator',
    _self: '',
    _dbs: '//dbs/',
    writableLocations: locations,
    readableLocations: locations,
    enableMultipleWriteLocations: false,
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 1, maxReplicasetSize: 4 },
    systemReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration: '{}',
  };
};

const rangesOf = (rid: string): JsonObject => ({
  _rid: rid,
  PartitionKeyRanges: [
    {
      id: onlyRange,
      _rid: rid,
      minInclusive: '',
      maxExclusive: 'FF',
      ridPrefix: 0,
      throughputFraction: 1,
      status: 'online',
      parents: [],
    },
  ],
  _count: 1,
});

function serveOffers(account: Account, request: CosmosRequest, id: string | undefined): CosmosAnswer {
  const all = [...account.offers.values()];
  if (id === undefined) return listed(account, request, 'Offers', all) ?? refused(request);
  if (request.method === 'PUT') return { status: 200, body: account.replaceOffer(id, request.body) };
  const offer = account.offers.get(id);
  if (offer === undefined) throw notFound(`There is no offer '${id}'.`);
  return request.method === 'GET' ? { status: 200, body: offer } : refused(request);
}

function serveDatabases(account: Account, request: CosmosRequest): CosmosAnswer {
  const all = [...account.databases.values()].map(({ resource }) => resource);
  const list = listed(account, request, 'Databases', all);
  if (list !== undefined) return list;
  if (request.method !== 'POST') return refused(request);
  return { status: 201, body: account.createDatabase(request.body, throughputIn(request)).resource };
}

function serveDatabase(account: Account, request: CosmosRequest, id: string): CosmosAnswer {
  const { resource } = account.database(id);
  if (request.method === 'GET') return { status: 200, body: resource };
  if (request.method !== 'DELETE') return refused(request);
  account.deleteDatabase(id);
  return { status: 204 };
}

function serveContainers(account: Account, request: CosmosRequest, database: string): CosmosAnswer {
  const all = [...account.database(database).containers.values()].map(({ resource }) => resource);
  const list = listed(account, request, 'DocumentCollections', all);
  if (list !== undefined) return list;
  if (request.method !== 'POST') return refused(request);
  return {
    status: 201,
    body: account.createContainer(database, request.body, throughputIn(request)).resource,
  };
}

function serveContainer(
  account: Account,
  request: CosmosRequest,
  database: string,
  id: string,
): CosmosAnswer {
  const { resource } = account.container(database, id);
  if (request.method === 'GET') return { status: 200, body: resource };
  if (request.method === 'PUT') {
    return { status: 200, body: account.replaceContainer(database, id, request.body).resource };
  }
  if (request.method !== 'DELETE') return refused(request);
  account.deleteContainer(database, id);
  return { status: 204 };
}

/** All resources of a kind, or those that a query asks for. */
function listed(
  { surroundings }: Account,
  request: CosmosRequest,
  name: string,
  all: readonly JsonObject[],
): CosmosAnswer | undefined {
  const isQuery = request.method === 'POST' && isTrue(request.header('x-ms-documentdb-isquery'));
  if (request.method !== 'GET' && !isQuery) return undefined;
  const found: readonly JsonValue[] = isQuery ? queryResources(request.body, all, surroundings.clock) : all;
  return { status: 200, body: { _rid: '', [name]: found, _count: found.length } };
}

function throughputIn(request: CosmosRequest): JsonObject | undefined {
  const fixed = request.header('x-ms-offer-throughput');
  const autoscale = request.header('x-ms-cosmos-offer-autopilot-settings');
  if (fixed === undefined && autoscale === undefined) return undefined;
  if (autoscale === undefined) return { offerThroughput: throughputOf(Number(fixed)) };
  const [, most] = /"maxThroughput":(\d+)/i.exec(autoscale) ?? [];
  const maxThroughput = throughputOf(Number(most));
  return { offerThroughput: maxThroughput / 10, offerAutopilotSettings: { maxThroughput } };
}

function throughputOf(units: number): number {
  if (Number.isInteger(units) && units >= 400 && units % 100 === 0) return units;
  throw badRequest('The throughput of an offer is 400 or more, in steps of 100.');
}

function refused({ method, path }: CosmosRequest): never {
  throw methodNotAllowed(`There is no ${method} of /${path.join('/')}.`);
}

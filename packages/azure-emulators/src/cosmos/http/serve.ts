import { setTimeout as wait } from 'node:timers/promises';
import type { FaultPoint, FaultRule } from '../../faults/fault-plan.js';
import { metadataCharge } from '../charges/request-charges.js';
import { ownerNotFound, tooManyRequests, unavailable } from '../cosmos-error.js';
import type { ItemContainer } from '../items/item-container.js';
import { sessionTokenOf } from '../sessions/session-token.js';
import type { CosmosSurroundings } from '../surroundings.js';
import { serveAccount } from './account-routes.js';
import type { CosmosAnswer, CosmosRequest } from './cosmos-request.js';
import { type ItemRequest, keyIn, serveItems } from './item-routes.js';
import { type CosmosOperation, operationOf } from './operation-kind.js';
import { visibleLsn } from './read-options.js';
import { refusalOf } from './refusal.js';

export interface ServedBy {
  readonly surroundings: CosmosSurroundings;
  /** The emulator's own address. */
  readonly endpoint: string;
  /** Destroys the connection on which the request came. */
  readonly cut: () => void;
}

const faultPoints: Partial<Record<CosmosOperation, FaultPoint>> = {
  read: 'read',
  query: 'query',
  feed: 'query',
  'change-feed': 'query',
  batch: 'batch',
  bulk: 'batch',
  'query-plan': 'query',
};

const readingOperations: ReadonlySet<CosmosOperation> = new Set([
  'read',
  'query',
  'feed',
  'change-feed',
  'query-plan',
]);

/** Does what a request asks, unless something goes wrong by plan, and tells what it costs. */
export async function serve(
  request: CosmosRequest,
  { surroundings, endpoint, cut }: ServedBy,
): Promise<CosmosAnswer> {
  const operation = operationOf(request);
  const { account, counter } = surroundings;
  if (operation === 'metadata') {
    counter.add('', operation);
    return { charge: metadataCharge, ...serveAccount(account, request, endpoint) };
  }
  const [, database, , id] = request.path as [string, string, string, string];
  const container = account.databases.get(database)?.containers.get(id);
  if (container === undefined) throw ownerNotFound();
  const asked: ItemRequest = { request, container, name: `${database}/${id}`, surroundings };
  const answer = await served(operation, asked, cut);
  if (answer.status === 429) counter.add(asked.name, 'throttled');
  return answer;
}

async function served(
  operation: CosmosOperation,
  asked: ItemRequest,
  cut: () => void,
): Promise<CosmosAnswer> {
  const fault = faultFor(operation, asked);
  if (fault?.fault === 'cut-connection' && fault.afterEffect !== true) {
    cut();
    return nobodyHears;
  }
  if (fault?.fault === 'delay') await wait(fault.delayInMs ?? 100);
  if (fault?.fault === 'throttle') return refusalOf(tooManyRequests(fault.retryAfterInMs ?? 10));
  if (fault?.fault === 'unavailable') return refusalOf(unavailable());
  // The network makes two of one request, and brings the answer to the second.
  if (fault?.fault === 'duplicate') serveCounted(operation, asked);
  const answer = serveCounted(operation, asked);
  if (fault?.fault === 'cut-connection') cut();
  return answer;
}

const nobodyHears: CosmosAnswer = { status: 503 };

function faultFor(
  operation: CosmosOperation,
  { name, surroundings: { faults } }: ItemRequest,
): FaultRule | undefined {
  return faults.decide(faultPoints[operation] ?? 'write', name) ?? faults.decide('request', name);
}

function serveCounted(operation: CosmosOperation, asked: ItemRequest): CosmosAnswer {
  try {
    const answer = charged(operation, asked);
    return { ...answer, headers: { ...sessionOf(operation, asked), ...answer.headers } };
  } catch (error) {
    const refusal = refusalOf(error);
    return { ...refusal, headers: { ...sessionOf(operation, asked), ...refusal.headers } };
  }
}

function charged(operation: CosmosOperation, asked: ItemRequest): CosmosAnswer {
  const { name, surroundings } = asked;
  const { throughput, counter } = surroundings;
  // The operations of a bulk are let in one by one.
  const key = operation === 'bulk' ? undefined : keyIn(asked)?.text;
  if (operation !== 'bulk') throughput.admit(name, key);
  counter.add(name, operation);
  const answer = serveItems(operation, asked);
  throughput.charge(name, key, answer.charge ?? 0);
  return answer;
}

/** How far the container was that answered, which a client learns also from a refusal. */
function sessionOf(operation: CosmosOperation, { request, container }: ItemRequest): Record<string, string> {
  return {
    'x-ms-session-token': sessionTokenOf(lsnOf(operation, request, container.items)),
    'x-ms-content-path': container.resource._rid,
    'x-ms-alt-content-path': pathOf(request),
  };
}

const pathOf = ({ path }: CosmosRequest) => path.slice(0, 4).map(encodeURIComponent).join('/');

function lsnOf(operation: CosmosOperation, request: CosmosRequest, items: ItemContainer): number {
  if (!readingOperations.has(operation)) return items.lsn;
  try {
    return visibleLsn(request, items);
  } catch {
    // With a token that cannot be read.
    return items.replicatedLsn;
  }
}

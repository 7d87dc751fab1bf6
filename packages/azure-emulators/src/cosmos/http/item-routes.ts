import type { Container } from '../account/resources.js';
import { badRequest, methodNotAllowed, notFound } from '../cosmos-error.js';
import { changesOf } from '../feed/change-feed.js';
import { readBatch, runBatch, runBulk } from '../items/batch.js';
import { deleteByKey } from '../items/delete-by-key.js';
import {
  createItem,
  deleteItem,
  type ItemResult,
  patchItem,
  readItem,
  replaceItem,
  upsertItem,
} from '../items/item-operations.js';
import { readId } from '../items/item-properties.js';
import { type PartitionKey, readPartitionKey } from '../items/partition-key.js';
import { WriteUnit } from '../items/write-unit.js';
import { queryItems } from '../query/item-query.js';
import { queryPlan } from '../query/query-plan.js';
import { readQuery } from '../query/query-text.js';
import type { CosmosSurroundings } from '../surroundings.js';
import { type CosmosAnswer, type CosmosRequest, isTrue } from './cosmos-request.js';
import type { CosmosOperation } from './operation-kind.js';
import { mostResultsIn, refusePartOfRange, visibleLsn } from './read-options.js';

export interface ItemRequest {
  readonly request: CosmosRequest;
  readonly container: Container;
  /** `database/container`. */
  readonly name: string;
  readonly surroundings: CosmosSurroundings;
}

/** The key that a request says, all of it or the first parts; undefined: it says none. */
export function keyIn({ request, container }: ItemRequest): PartitionKey | undefined {
  const header = request.header('x-ms-documentdb-partitionkey');
  if (header === undefined) return undefined;
  return readPartitionKey(header, container.items.settings.partitionKeyPaths.length);
}

/** Serves what is about the items of a container. */
export function serveItems(operation: CosmosOperation, asked: ItemRequest): CosmosAnswer {
  const serve = handlers[operation];
  if (serve === undefined) throw methodNotAllowed(`There is no ${asked.request.method} of items.`);
  return serve(asked);
}

const handlers: Partial<Record<CosmosOperation, (asked: ItemRequest) => CosmosAnswer>> = {
  read: (asked) => {
    const { request, container } = asked;
    const item = container.items.at(visibleLsn(request, container.items), wholeKey(asked), idIn(request));
    return answerOf(readItem(item, conditionIn(request)));
  },
  create: (asked) => write(asked, (unit, { body }) => createItem(unit, body)),
  upsert: (asked) => write(asked, (unit, request) => upsertItem(unit, request.body, conditionIn(request))),
  replace: (asked) =>
    write(asked, (unit, request) => replaceItem(unit, idIn(request), request.body, conditionIn(request))),
  patch: (asked) =>
    write(asked, (unit, request) => patchItem(unit, idIn(request), request.body, conditionIn(request))),
  delete: (asked) => write(asked, (unit, request) => deleteItem(unit, idIn(request), conditionIn(request))),
  batch: (asked) => {
    const { request, container } = asked;
    const operations = readBatch(request.body, request.bytes);
    const { status, results, charge } = runBatch(
      container.items,
      wholeKey(asked),
      operations,
      isMinimal(request),
    );
    return { status, body: results, charge };
  },
  bulk: ({ request, container, name, surroundings: { throughput } }) => {
    const { status, results, charge } = runBulk(container.items, readBatch(request.body, request.bytes), {
      isMinimal: isMinimal(request),
      continuesOnError: isTrue(request.header('x-ms-cosmos-batch-continue-on-error')),
      admit: (key) => throughput.admit(name, key.text),
      charged: (key, units) => throughput.charge(name, key.text, units),
    });
    // What each operation cost has been told to the throughput by itself.
    return { status, body: results, headers: { 'x-ms-request-charge': String(charge) }, charge: 0 };
  },
  'query-plan': ({ request }) => {
    readQuery(request.body);
    return { status: 200, body: queryPlan };
  },
  query: (asked) => answerQuery(asked, asked.request.body),
  feed: (asked) => answerQuery(asked, { query: 'SELECT * FROM c' }),
  'change-feed': (asked) => changesOf(asked.request, asked.container.items, keyIn(asked)),
  'delete-by-key': (asked) => {
    const [, , , , , action] = asked.request.path;
    if (action !== 'partitionkeydelete' || asked.request.method !== 'POST')
      throw notFound('There is no such operation.');
    return { status: 200, charge: deleteByKey(asked.container.items, wholeKey(asked)) };
  },
};

function answerQuery(asked: ItemRequest, body: unknown): CosmosAnswer {
  const { request, container, surroundings } = asked;
  refusePartOfRange(request);
  const { results, continuation, charge } = queryItems(container.items, {
    asked: readQuery(body),
    key: keyIn(asked),
    lsn: visibleLsn(request, container.items),
    mostResults: mostResultsIn(request),
    continuation: request.header('x-ms-continuation'),
    clock: surroundings.clock,
  });
  return {
    status: 200,
    body: { _rid: container.items.rid, Documents: results, _count: results.length },
    headers: {
      'x-ms-item-count': String(results.length),
      ...(continuation !== undefined && { 'x-ms-continuation': continuation }),
    },
    charge,
  };
}

function write(
  asked: ItemRequest,
  run: (unit: WriteUnit, request: CosmosRequest) => ItemResult,
): CosmosAnswer {
  const unit = new WriteUnit(asked.container.items, wholeKey(asked));
  const result = run(unit, asked.request);
  unit.commit();
  return answerOf(result);
}

function answerOf({ status, item, charge }: ItemResult): CosmosAnswer {
  if (item === undefined) return { status, charge };
  const headers = { etag: item.etag };
  return status === 304 ? { status, headers, charge } : { status, headers, charge, body: item.body };
}

function wholeKey(asked: ItemRequest): PartitionKey {
  const key = keyIn(asked);
  if (key === undefined) throw badRequest('PartitionKey value must be supplied for this operation.');
  if (key.parts.length < asked.container.items.settings.partitionKeyPaths.length) {
    throw badRequest('This operation needs all parts of the partition key.', 1001);
  }
  return key;
}

const idIn = ({ path }: CosmosRequest) => readId(path[5]);

const conditionIn = (request: CosmosRequest) => ({
  ifMatch: request.header('if-match'),
  ifNoneMatch: request.header('if-none-match'),
});

const isMinimal = (request: CosmosRequest) => request.header('prefer') === 'return=minimal';

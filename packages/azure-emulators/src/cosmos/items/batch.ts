import { refusedCharge } from '../charges/request-charges.js';
import { badRequest, CosmosError, tooLarge } from '../cosmos-error.js';
import type { ItemContainer } from './item-container.js';
import {
  createItem,
  deleteItem,
  type ItemResult,
  patchItem,
  readItem,
  replaceItem,
  upsertItem,
} from './item-operations.js';
import { isObject, type JsonObject } from './json.js';
import { type PartitionKey, readPartitionKey } from './partition-key.js';
import { WriteUnit } from './write-unit.js';

const mostOperations = 100;
const largestBatch = 2 * 1024 * 1024;

export interface BatchResult {
  readonly status: number;
  readonly results: readonly JsonObject[];
  readonly charge: number;
}

export type BatchOperation = JsonObject;

export function readBatch(body: unknown, bytes: number): readonly BatchOperation[] {
  if (!Array.isArray(body) || body.length === 0 || !body.every(isObject)) {
    throw badRequest('A batch is a list of operations.');
  }
  if (body.length > mostOperations) {
    throw badRequest(`A batch has ${body.length} operations; the limit is ${mostOperations}.`);
  }
  if (bytes > largestBatch) throw tooLarge('The batch request is too large.');
  return body;
}

/** All operations, or none: then the one that failed says why, and the others 424. */
export function runBatch(
  container: ItemContainer,
  key: PartitionKey,
  operations: readonly BatchOperation[],
  isMinimal: boolean,
): BatchResult {
  const unit = new WriteUnit(container, key);
  const done: ItemResult[] = [];
  for (const operation of operations) {
    try {
      const { partitionKey } = operation;
      if (partitionKey !== undefined && keyIn(container, operation).text !== key.text) {
        throw badRequest('All operations of a batch have the same partition key.');
      }
      done.push(run(unit, operation));
    } catch (error) {
      return failed(operations, done.length, asCosmosError(error));
    }
  }
  unit.commit();
  return resultOf(
    200,
    done.map((result, index) => told(result, isMinimal && operations[index]!.operationType !== 'Read')),
  );
}

/** Each operation by itself. `admit` may refuse one, as a partition does that is asked too much. */
export function runBulk(
  container: ItemContainer,
  operations: readonly BatchOperation[],
  options: {
    readonly isMinimal: boolean;
    readonly continuesOnError: boolean;
    readonly admit: (key: PartitionKey) => void;
    readonly charged: (key: PartitionKey, charge: number) => void;
  },
): BatchResult {
  let hasFailed = false;
  const results = operations.map((operation) => {
    if (hasFailed && !options.continuesOnError) return innocent;
    try {
      const key = keyIn(container, operation);
      options.admit(key);
      const unit = new WriteUnit(container, key);
      const result = run(unit, operation);
      unit.commit();
      options.charged(key, result.charge);
      return told(result, options.isMinimal && operation.operationType !== 'Read');
    } catch (error) {
      hasFailed = true;
      return refused(asCosmosError(error));
    }
  });
  return resultOf(hasFailed ? 207 : 200, results);
}

function run(unit: WriteUnit, operation: BatchOperation): ItemResult {
  const { operationType, id, resourceBody, ifMatch, ifNoneMatch } = operation;
  const condition = { ifMatch: textIn(ifMatch), ifNoneMatch: textIn(ifNoneMatch) };
  const name = textIn(id) ?? '';
  switch (operationType) {
    case 'Create':
      return createItem(unit, resourceBody);
    case 'Upsert':
      return upsertItem(unit, resourceBody, condition);
    case 'Replace':
      return replaceItem(unit, name, resourceBody, condition);
    case 'Patch':
      return patchItem(unit, name, resourceBody, condition);
    case 'Delete':
      return deleteItem(unit, name, condition);
    case 'Read':
      return readItem(unit.read(name), condition);
    default:
      throw badRequest(`There is no operation '${String(operationType)}' of a batch.`);
  }
}

const textIn = (value: unknown) => (typeof value === 'string' ? value : undefined);

function keyIn(container: ItemContainer, { partitionKey }: BatchOperation): PartitionKey {
  const depth = container.settings.partitionKeyPaths.length;
  const key = readPartitionKey(textIn(partitionKey) ?? '', depth);
  if (key.parts.length < depth) throw badRequest('An operation needs a whole partition key.');
  return key;
}

const innocent: JsonObject = { statusCode: 424, requestCharge: 0 };

function failed(operations: readonly BatchOperation[], culprit: number, error: CosmosError): BatchResult {
  return resultOf(
    207,
    operations.map((_operation, index) => (index === culprit ? refused(error) : innocent)),
  );
}

function told({ status, item, charge }: ItemResult, isMinimal: boolean): JsonObject {
  const body = item === undefined || isMinimal || status === 304 ? {} : { resourceBody: item.body };
  return { statusCode: status, requestCharge: charge, ...(item && { eTag: item.etag }), ...body };
}

function refused({ status, message, extra }: CosmosError): JsonObject {
  return {
    statusCode: status,
    requestCharge: refusedCharge,
    message,
    ...(extra.substatus !== undefined && { subStatusCode: extra.substatus }),
    ...(extra.retryAfterInMs !== undefined && { retryAfterMilliseconds: extra.retryAfterInMs }),
  };
}

function resultOf(status: number, results: readonly JsonObject[]): BatchResult {
  const charge = results.reduce((sum, { requestCharge }) => sum + (requestCharge as number), 0);
  return { status, results, charge: Math.round(charge * 100) / 100 };
}

function asCosmosError(error: unknown): CosmosError {
  if (error instanceof CosmosError) return error;
  throw error;
}

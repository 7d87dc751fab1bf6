import { badRequest } from '../cosmos-error.js';
import { readId, readTimeToLive } from '../items/item-properties.js';
import { isObject, type JsonObject } from '../items/json.js';
import { readPath } from '../items/json-path.js';
import type { UniqueKeyPaths } from '../items/unique-keys.js';
import { type IndexingPolicy, readIndexingPolicy } from './indexing-policy.js';

/** What a container's definition says. */
export interface ContainerSettings {
  readonly id: string;
  readonly partitionKeyPaths: readonly (readonly string[])[];
  readonly uniqueKeys: readonly UniqueKeyPaths[];
  /** In seconds; -1: only items that say so themselves expire; undefined: none does. */
  readonly defaultTtl: number | undefined;
  readonly indexing: IndexingPolicy;
  /** As clients are told of it. */
  readonly definition: JsonObject;
}

const mostParts = 3;
const mostUniqueKeys = 10;
const longestName = 255;

/** Throws for what is no definition of a container. */
export function readContainerSettings(body: unknown): ContainerSettings {
  if (!isObject(body)) throw badRequest('A container is defined by a JSON object.');
  const id = readName(body.id);
  const { paths, kind } = readPartitionKeyDefinition(body.partitionKey);
  const defaultTtl = readTimeToLive(body.defaultTtl);
  const indexing = readIndexingPolicy(body.indexingPolicy);
  return {
    id,
    partitionKeyPaths: paths.map(readPath),
    uniqueKeys: readUniqueKeys(body.uniqueKeyPolicy),
    defaultTtl,
    indexing,
    definition: {
      id,
      indexingPolicy: indexing.definition,
      partitionKey: { paths, kind, version: 2 },
      ...(defaultTtl !== undefined && { defaultTtl }),
      uniqueKeyPolicy: body.uniqueKeyPolicy ?? { uniqueKeys: [] },
      conflictResolutionPolicy: {
        mode: 'LastWriterWins',
        conflictResolutionPath: '/_ts',
        conflictResolutionProcedure: '',
      },
      geospatialConfig: { type: 'Geography' },
    },
  };
}

/** The name of a database or container. */
export function readName(name: unknown): string {
  const id = readId(name);
  if (id.length > longestName) throw badRequest(`A name has at most ${longestName} letters.`);
  return id;
}

function readPartitionKeyDefinition(definition: unknown): { paths: string[]; kind: string } {
  const { paths, kind = 'Hash' } = (isObject(definition) ? definition : {}) as {
    paths?: unknown;
    kind?: unknown;
  };
  if (!Array.isArray(paths) || paths.length === 0 || !paths.every((path) => typeof path === 'string')) {
    throw badRequest('The partition key definition of the container is missing or invalid.');
  }
  if (kind !== 'Hash' && kind !== 'MultiHash')
    throw badRequest(`There is no partition key kind '${String(kind)}'.`);
  if (paths.length > (kind === 'Hash' ? 1 : mostParts)) {
    throw badRequest(`A partition key of the kind ${kind} cannot have ${paths.length} paths.`);
  }
  return { paths, kind };
}

function readUniqueKeys(policy: unknown): readonly UniqueKeyPaths[] {
  if (policy === undefined || policy === null) return [];
  const { uniqueKeys = [] } = (isObject(policy) ? policy : { uniqueKeys: undefined }) as {
    uniqueKeys?: unknown;
  };
  if (!Array.isArray(uniqueKeys) || uniqueKeys.length > mostUniqueKeys) {
    throw badRequest(`A unique key policy has a list of at most ${mostUniqueKeys} keys.`);
  }
  return uniqueKeys.map((uniqueKey: unknown) => {
    const { paths } = (isObject(uniqueKey) ? uniqueKey : {}) as { paths?: unknown };
    if (!Array.isArray(paths) || paths.length === 0) throw badRequest('A unique key has paths.');
    return paths.map(readPath);
  });
}

import type { ContainerSettings } from '../account/container-settings.js';
import { badRequest, tooLarge } from '../cosmos-error.js';
import { readId, readTimeToLive } from './item-properties.js';
import { isDeeperThan, isObject, type JsonObject } from './json.js';
import { type PartitionKey, partitionKeyIn } from './partition-key.js';

const largestItem = 2 * 1024 * 1024;
const deepestItem = 128;
const systemProperties = ['_rid', '_self', '_etag', '_attachments', '_ts', '_lsn'];

export interface NewItem {
  readonly id: string;
  /** What the client wrote, without what the service adds. */
  readonly content: JsonObject;
  readonly bytes: number;
}

/** Throws for what cannot be an item of the container under this key. */
export function readNewItem(body: unknown, settings: ContainerSettings, key: PartitionKey): NewItem {
  if (!isObject(body)) throw badRequest('The input content is invalid because it is no JSON object.');
  if (isDeeperThan(body, deepestItem))
    throw badRequest(`The item is nested deeper than ${deepestItem} levels.`);
  const content: Record<string, JsonObject[string]> = { ...body };
  for (const name of systemProperties) delete content[name];
  const id = readId(content.id);
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes > largestItem) throw tooLarge('Request size is too large.');
  if (partitionKeyIn(content, settings.partitionKeyPaths).text !== key.text) {
    throw badRequest(
      "PartitionKey extracted from document doesn't match the one specified in the header.",
      1001,
    );
  }
  readTimeToLive(content.ttl);
  return { id, content, bytes };
}

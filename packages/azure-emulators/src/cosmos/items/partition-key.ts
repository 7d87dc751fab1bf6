import { badRequest } from '../cosmos-error.js';
import type { JsonObject, JsonValue } from './json.js';
import { valueAt } from './json-path.js';

/** A part of a key; `undefined` where the item has none. */
type KeyPart = string | number | boolean | null | undefined;

/** All parts of a key, or the first ones of a hierarchical one. */
export interface PartitionKey {
  readonly parts: readonly KeyPart[];
  /** Equal for equal keys. */
  readonly text: string;
}

const largestKey = 2048;

function partitionKeyOf(parts: readonly KeyPart[]): PartitionKey {
  const text = JSON.stringify(parts.map((part) => (part === undefined ? {} : part)));
  if (Buffer.byteLength(text) > largestKey) throw badRequest('Partition key is larger than 2048 bytes.');
  return { parts, text };
}

/** Reads `["a"]`, `[{}]` for none, `[null]`. Throws for what is no key, or longer than the container's. */
export function readPartitionKey(header: string, depth: number): PartitionKey {
  const parts = parsed(header);
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > depth) {
    throw badRequest(`Partition key ${header} is invalid.`);
  }
  return partitionKeyOf(parts.map((part) => partIn(part, header)));
}

/** What an item's key is by the container's paths. Throws where one leads to something that cannot be part of a key. */
export function partitionKeyIn(item: JsonObject, paths: readonly (readonly string[])[]): PartitionKey {
  return partitionKeyOf(paths.map((path) => partIn(valueAt(item, path), `at /${path.join('/')}`)));
}

/** What the texts of all keys begin with that have `key` as their first parts. */
export const prefixOf = (key: PartitionKey) => `${key.text.slice(0, -1)},`;

function partIn(value: JsonValue | undefined, where: string): KeyPart {
  if (value === undefined || isEmptyObject(value)) return undefined;
  if (value !== null && typeof value === 'object') throw badRequest(`Partition key ${where} is invalid.`);
  return value;
}

const isEmptyObject = (value: JsonValue) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0;

function parsed(header: string): unknown {
  try {
    return JSON.parse(header) as unknown;
  } catch {
    return undefined;
  }
}

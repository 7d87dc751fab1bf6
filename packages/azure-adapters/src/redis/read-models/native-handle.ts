import {
  type Copy,
  type FieldValues,
  indexKeyOf,
  type ReadModelDefinition,
  requireIndex,
} from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import type { HeldCopy } from './copies.js';
import { idsSet, indexSet, keyPart } from './index-members.js';

/** A part of a sorted set, as `ZLEXCOUNT`, `ZRANGEBYLEX` and their kind have it. */
export interface RedisLexRange {
  readonly key: string;
  readonly min: string;
  readonly max: string;
}

/** What `native()` gives: the client of ioredis, and the keys of this copy and tenant. */
export interface RedisReadModelHandle {
  readonly client: RedisClient['native'];
  readonly copy: Copy;
  readonly tenant: string;
  /**
   * The names of keys, once it is known which copy is read. They are names: what is read by them is as fresh as any
   * answer of this read model, and nothing is to be written there.
   */
  keys(): Promise<RedisReadModelKeys>;
}

export interface RedisReadModelKeys {
  /** A string that ends in the document's JSON, behind its second line feed. There is none after it in a tombstone. */
  document(id: string): string;
  /** Of all documents: `ZLEXCOUNT` counts them. */
  all(): RedisLexRange;
  /**
   * Of the documents with these values, in the order of the index. Entries that a writer left behind count as well.
   * @throws ProgrammingError `index-unknown`, `index-fields`.
   */
  index(name: string, values: FieldValues): RedisLexRange;
}

export interface HandleOptions {
  readonly definition: ReadModelDefinition;
  readonly copy: Copy;
  readonly tenant: string;
  readonly client: RedisClient;
}

export function readModelHandle(
  { definition, copy, tenant, client }: HandleOptions,
  held: () => Promise<HeldCopy>,
): RedisReadModelHandle {
  return { client: client.native, copy, tenant, keys: async () => keysIn(await held(), definition, tenant) };
}

function keysIn({ keys }: HeldCopy, definition: ReadModelDefinition, tenant: string): RedisReadModelKeys {
  return {
    document: (name) => keys.document({ tenant, name }),
    all: () => ({ key: keys.set(tenant, idsSet), min: '-', max: '+' }),
    index(name, values) {
      const index = requireIndex(definition, name, values);
      const key = indexKeyOf(index, values);
      const prefix = keyPart(key);
      return { key: keys.set(tenant, indexSet(name, key)), min: `[${prefix}`, max: `(${prefix}\uffff` };
    },
  };
}

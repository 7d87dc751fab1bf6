import {
  type Copy,
  type DocumentChange,
  marksOf,
  type Position,
  positionAt,
  type ReadModel,
  type ReadModelDefinition,
  type ReadModelStore,
  type StoredDocument,
} from '@diptych/core';
import { expect } from 'vitest';
import type { ContractFactory, ContractSubject, ContractSuite } from './contract.js';

export interface ReadModelStoreSubject extends ContractSubject {
  readonly store: ReadModelStore;
  /** Moves the store's clock on by at least that much; a store with a real clock waits. */
  advanceTime(ms: number): Promise<void>;
}

export type ReadModelStoreCapability = 'document size limit';
export type ReadModelStoreFactory = ContractFactory<ReadModelStoreSubject, ReadModelStoreCapability>;
export type ReadModelSuite = ContractSuite<ReadModelStoreSubject, ReadModelStoreCapability>;

export const definition: ReadModelDefinition = {
  model: 'orders',
  version: 1,
  indexes: {
    byStatus: { by: ['status'], sort: 'total' },
    byTag: { by: ['tags'] },
    byCustomerAndStatus: { by: ['customer', 'status'] },
  },
};
export const copy: Copy = { model: 'orders', version: 1, generation: 1 };
export const next: Copy = { ...copy, generation: 2 };

export interface OrderDocument {
  readonly id: string;
  readonly status?: string | null;
  readonly total?: number;
  readonly tags?: readonly string[];
  readonly customer?: string;
}

export const at = (row: number): Position => positionAt(row, 0);
export const id = (name: string, tenant = 'default') => ({ tenant, name });
export const bodyOf = (document: OrderDocument | null) =>
  document === null ? null : JSON.stringify(document);

/** How a store answers a write that it made. */
export const written = { revision: expect.any(String) as string };

export function change(
  name: string,
  document: OrderDocument | null,
  before?: StoredDocument,
  tenant?: string,
): DocumentChange {
  return {
    id: id(name, tenant),
    body: bodyOf(document),
    marks: marksOf([[0, at(1)]]),
    expectedRevision: before?.revision,
  };
}

export async function loadOne(store: ReadModelStore, name: string, tenant?: string, from = copy) {
  const [document] = await store.load(from, [id(name, tenant)]);
  return document;
}

export async function put(
  store: ReadModelStore,
  documents: readonly OrderDocument[],
  into = copy,
): Promise<void> {
  await store.create(definition, into);
  for (const document of documents) {
    const before = await loadOne(store, document.id, undefined, into);
    expect(await store.write(into, [change(document.id, document, before)])).toEqual([written]);
  }
}

export const open = (store: ReadModelStore, tenant = 'default', from = copy): ReadModel<OrderDocument> =>
  store.open<OrderDocument>(definition, from, tenant);
export const idsOf = (documents: readonly (OrderDocument | undefined)[]) =>
  documents.map((document) => document?.id);

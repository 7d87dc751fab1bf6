import { type DocumentId, stored } from '@diptych/core';
import { namePart } from '../name-part.js';

/** The names of the keys of one copy. Each begins with the copy's own id, which is never given again. */
export interface CopyKeys {
  document(id: DocumentId): string;
  /** A sorted set of one tenant. */
  set(tenant: string, set: string): string;
  /** The names of the tenants. */
  readonly tenants: string;
  /** Tombstones, by when they were made. */
  readonly tombstones: string;
}

export function copyKeys(prefix: string, copyId: string): CopyKeys {
  const begin = `${prefix}:${copyId}`;
  // Asked for every document, mostly for those of the same tenant.
  let last = { tenant: '', begin: `${begin}:d:${namePart('')}:` };
  const documentsOf = (tenant: string) => {
    if (tenant !== last.tenant) last = { tenant, begin: `${begin}:d:${namePart(tenant)}:` };
    return last.begin;
  };
  return {
    document: ({ tenant, name }) => documentsOf(tenant) + stored(name),
    set: (tenant, set) => `${begin}:s:${namePart(tenant)}:${set}`,
    tenants: `${begin}:n`,
    tombstones: `${begin}:t`,
  };
}

/** All that concerns the copies of one model lies in one slot. */
export interface ModelKeys {
  /** A hash: a copy's version and generation, and what is kept of it. */
  readonly copies: string;
  /** A hash: the ids of copies that were dropped, and what is left to remove of each. */
  readonly dropped: string;
}

export function modelKeys(prefix: string, model: string): ModelKeys {
  const begin = `${prefix}:{m:${namePart(model)}}`;
  return { copies: `${begin}:copies`, dropped: `${begin}:dropped` };
}

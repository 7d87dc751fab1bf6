import {
  type Clock,
  type Copy,
  type DocumentId,
  type DocumentSink,
  type MirrorChange,
  marksOf,
  mirroredStore,
  positionAt,
  type ReadModelDefinition,
  type ReadModelStore,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import type { ContractFactory, ContractSubject, ContractSuite } from './contract.js';
import type { ProjectionGround } from './projection-world.js';

/**
 * What an adapter has to know of the suite's documents: these fields of read model `notes`, versions 1 and 2. `total`
 * takes whole numbers only: a document with another one is refused.
 */
export interface SinkDocument {
  readonly id: string;
  readonly total: number;
  readonly streams: readonly string[];
}

export interface DocumentSinkSubject extends ContractSubject {
  readonly sink: DocumentSink;
  /** By which the sink, and those who stamp, go. */
  readonly clock: Clock;
  advanceTime(ms: number): Promise<void>;
  /** Resolves when queries see what the sink has acknowledged. */
  shown(): Promise<void>;
  /** The documents that a query for everything gives, with the fields above. */
  seen(copy: Copy, tenant: string): Promise<readonly SinkDocument[]>;
}

export type DocumentSinkCapability = 'foreseen refusals';
export type DocumentSinkFactory = ContractFactory<DocumentSinkSubject, DocumentSinkCapability>;
export type SinkSuite = ContractSuite<DocumentSinkSubject, DocumentSinkCapability>;

export const sinkDefinition: ReadModelDefinition = { model: 'notes', version: 1, indexes: {} };
export const sinkCopy: Copy = { model: 'notes', version: 1, generation: 1 };
export const nextSinkCopy: Copy = { ...sinkCopy, generation: 2 };

export const sinkId = (name: string, tenant = 'default'): DocumentId => ({ tenant, name });
const sinkDocument = (id: string, total = 1, streams = ['a']): SinkDocument => ({
  id,
  total,
  streams,
});

let sendings = 0;

/** A document on its way; `null` for one that was deleted. */
export function sending(
  name: string,
  total: number | null,
  { tenant = 'default', sentAt = 0, version = `0:${total}` } = {},
): MirrorChange {
  const body = total === null ? null : JSON.stringify(sinkDocument(name, total));
  return { id: sinkId(name, tenant), body, version, sending: `${++sendings}`, sentAt };
}

/** What queries of a tenant see: totals by id. */
export async function totals(
  subject: DocumentSinkSubject,
  { copy = sinkCopy, tenant = 'default' } = {},
): Promise<Readonly<Record<string, number>>> {
  await subject.shown();
  const documents = await subject.seen(copy, tenant);
  return Object.fromEntries(documents.map(({ id, total }) => [id, total]));
}

/** Writes one document as a process does that has looked before; `event` is the event that it then has seen last. */
export async function writeTotal(
  store: ReadModelStore,
  name: string,
  total: number | null,
  event: number,
): Promise<void> {
  const id = sinkId(name);
  const [before] = await store.load(sinkCopy, [id]);
  const body = total === null ? null : JSON.stringify(sinkDocument(name, total));
  const marks = marksOf([[0, positionAt(event, 0)]]);
  await store.write(sinkCopy, [{ id, body, marks, expectedRevision: before?.revision }]);
}

/** What projections run on whose documents are mirrored: everything else is in memory. */
export function mirroredGround({ clock, advanceTime, sink }: DocumentSinkSubject): ProjectionGround {
  const { writeStore, reader, subscriptions, readModels } = memoryDatabase({ clock, partitions: 8 });
  return {
    writeStore,
    reader,
    subscriptions,
    readModels: mirroredStore(readModels, sink, { clock }),
    clock,
    advanceTime,
  };
}

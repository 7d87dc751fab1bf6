import { type DefinedProjection, defineProjection, type EventMeta, event, type Schema } from '@diptych/core';

export interface NotedData {
  /** The documents that it concerns. */
  readonly documents: readonly string[];
  readonly amount: number;
  /** Deletes the documents. */
  readonly removes?: boolean;
}

const anything: Schema<NotedData> = {
  '~standard': { version: 1, vendor: 'contract', validate: (value) => ({ value: value as NotedData }) },
};

/** The event of the projection suites. */
class Noted extends event('contract.Noted', anything) {}

/** A document whose content shows which events were applied to it, and in which order each stream's came. */
export interface NotesDocument {
  readonly id: string;
  readonly total: number;
  /** The versions applied, by stream. */
  readonly seen: Readonly<Record<string, readonly number[]>>;
  readonly streams: readonly string[];
}

export function note(
  noted: NotedData,
  before: NotesDocument | undefined,
  { stream, version, documentId }: Pick<EventMeta, 'stream' | 'version' | 'documentId'>,
): NotesDocument | null {
  if (noted.removes === true) return null;
  const seen = { ...before?.seen, [stream]: [...(before?.seen[stream] ?? []), version] };
  return {
    id: documentId,
    total: (before?.total ?? 0) + noted.amount,
    seen,
    streams: Object.keys(seen).sort(),
  };
}

export interface NotesOptions {
  readonly name?: string;
  readonly version?: number;
  readonly ordering?: 'partition' | 'global';
  /** The documents that cannot be folded, as long as they are in here. */
  readonly poison?: ReadonlySet<string>;
}

export function notes(options: NotesOptions = {}): DefinedProjection<NotesDocument> {
  const { name = 'notes', version = 1, ordering = 'partition', poison = new Set() } = options;
  return defineProjection<NotesDocument>({
    name,
    version,
    ordering,
    indexes: { byStream: { by: ['streams'], sort: 'total' } },
  }).on(
    Noted,
    ({ documents }) => documents,
    (noted, before, meta) => {
      if (poison.has(meta.documentId)) throw new Error(`Document ${meta.documentId} cannot be folded.`);
      return note(noted, before, meta);
    },
  );
}

import type { DocumentId, MirrorChange, MirrorEntry } from '@diptych/core';
import { keyNumberOf, keyOf } from './document-keys.js';
import { keptValue } from './field-values.js';
import type { AnySearchFields } from './search-field.js';

/** What each entry has beside the declared fields of its document. */
export const entryFields = {
  key: 'diptychKey',
  keyNumber: 'diptychKeyNumber',
  tenant: 'diptychTenant',
  id: 'diptychId',
  version: 'diptychVersion',
  sending: 'diptychSending',
  sentAt: 'diptychSentAt',
  isDeleted: 'diptychDeleted',
} as const;

export type IndexDocument = Record<string, unknown>;

/** An entry as it is uploaded, in place of all that was there. One of a deleted document has no fields of it. */
export function uploadedEntry(fields: AnySearchFields, change: MirrorChange): IndexDocument {
  const { id, body, version, sending, sentAt } = change;
  const document = body === null ? {} : (JSON.parse(body) as Readonly<Record<string, unknown>>);
  const kept = Object.entries(fields).map(([name, field]) => [name, keptValue(field, document[name])]);
  const key = keyOf(id);
  return {
    ...Object.fromEntries(kept),
    [entryFields.key]: key,
    [entryFields.keyNumber]: keyNumberOf(key),
    [entryFields.tenant]: id.tenant,
    [entryFields.id]: id.name,
    [entryFields.version]: version,
    [entryFields.sending]: sending,
    [entryFields.sentAt]: sentAt,
    [entryFields.isDeleted]: body === null,
  };
}

/** What to select so that `entryOf` can be made. */
export const stampFields = Object.values(entryFields);

export function entryOf(document: IndexDocument): MirrorEntry {
  return {
    id: idOf(document),
    version: document[entryFields.version] as string,
    sending: document[entryFields.sending] as string,
    sentAt: document[entryFields.sentAt] as number,
    isDeleted: document[entryFields.isDeleted] as boolean,
  };
}

export function idOf(document: IndexDocument): DocumentId {
  return {
    tenant: document[entryFields.tenant] as string,
    name: document[entryFields.id] as string,
  };
}

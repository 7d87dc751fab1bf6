import { type SearchClient } from '@azure/search-documents';
import type { MirrorEntriesPage, MirrorEntriesQuery } from '@diptych/core';
import { entryFields, entryOf, type IndexDocument, stampFields } from './index-entries.js';
import { askIndex } from './raw-search.js';
import type { RequestLimits } from './search-clients.js';
import { searchFilter } from './search-filter.js';

const { key, sentAt, isDeleted } = entryFields;

/** A page of entries, by the time of their sending. It begins behind an entry, wherever that one is now. */
export async function entriesOf(
  client: SearchClient<IndexDocument>,
  query: MirrorEntriesQuery,
  limits: RequestLimits,
): Promise<MirrorEntriesPage> {
  const { documents } = await askIndex(
    client,
    '*',
    {
      filter: filterOf(query),
      select: stampFields,
      orderBy: [sentAt, key],
      // One more than asked tells whether there is another page.
      top: query.limit + 1,
    },
    limits,
  );
  const page = documents.slice(0, query.limit);
  const last = page.at(-1);
  return {
    entries: page.map(entryOf),
    next: documents.length > page.length && last !== undefined ? `${last[sentAt]} ${last[key]}` : undefined,
  };
}

function filterOf({ sentFrom, sentBefore, deletedOnly = false, after }: MirrorEntriesQuery): string {
  const parts = [`${sentAt} ge ${searchFilter`${Math.floor(sentFrom ?? 0)}`.text}`];
  if (sentBefore !== undefined) parts.push(`${sentAt} lt ${searchFilter`${Math.ceil(sentBefore)}`.text}`);
  if (deletedOnly) parts.push(`${isDeleted} eq true`);
  if (after !== undefined) parts.push(behind(after));
  return parts.join(' and ');
}

function behind(after: string): string {
  const space = after.indexOf(' ');
  const time = searchFilter`${Number(after.slice(0, space))}`.text;
  const lastKey = searchFilter`${after.slice(space + 1)}`.text;
  return `(${sentAt} gt ${time} or (${sentAt} eq ${time} and ${key} gt ${lastKey}))`;
}

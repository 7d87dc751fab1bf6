import { IndexDocumentsBatch, type SearchClient } from '@azure/search-documents';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emulatedSearch } from '../fixtures/emulated-search.js';
import { entriesOf } from './entry-pages.js';
import { entryFields, type IndexDocument } from './index-entries.js';
import { schemaOf } from './index-schema.js';

let service: Awaited<ReturnType<typeof emulatedSearch>>;
let client: SearchClient<IndexDocument>;
let made = 0;
beforeAll(async () => {
  service = await emulatedSearch();
});
afterAll(() => service.stop());

const limits = { requestOptions: { timeout: 10_000 } };
const runs = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;

interface Entry {
  readonly name: string;
  readonly sentAt: number;
  readonly keyNumber: number;
}

/** An entry with a number that its key would hardly have by itself. */
const documentOf = ({ name, sentAt, keyNumber }: Entry): IndexDocument => ({
  [entryFields.key]: name,
  [entryFields.keyNumber]: keyNumber,
  [entryFields.tenant]: 'default',
  [entryFields.id]: name,
  [entryFields.version]: '',
  [entryFields.sending]: name,
  [entryFields.sentAt]: sentAt,
  [entryFields.isDeleted]: false,
});

async function indexWith(entries: readonly Entry[]): Promise<void> {
  const name = `entries-${++made}`;
  await service.indexes.createIndex(schemaOf(name, {}));
  client = service.indexes.getSearchClient<IndexDocument>(name);
  if (entries.length > 0) await client.uploadDocuments(entries.map(documentOf));
}

/** The names of all entries, page by page. */
async function listed(limit: number, between: (page: number) => Promise<void> = async () => {}) {
  const names: string[] = [];
  let after: string | undefined;
  for (let page = 0; page === 0 || after !== undefined; page++) {
    const found = await entriesOf(client, { limit, after }, limits);
    names.push(...found.entries.map(({ id }) => id.name));
    after = found.next;
    if (after !== undefined) await between(page);
  }
  return names;
}

/** Many of one time, and many of one number. */
const entries = fc
  .array(fc.record({ sentAt: fc.nat(2), keyNumber: fc.constantFrom(0, 1, 2 ** 52 - 1) }), { maxLength: 40 })
  .map((all) => all.map((one, index) => ({ name: `n${String(index * 7919).slice(-3)}x${index}`, ...one })));

const inOrder = (all: readonly Entry[]) =>
  [...all]
    .sort((a, b) => a.sentAt - b.sentAt || a.keyNumber - b.keyNumber || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);

test('pages give each entry once and in order, however many have the same time and number', async () => {
  const property = fc.asyncProperty(entries, fc.integer({ min: 1, max: 7 }), async (all, limit) => {
    await indexWith(all);
    expect(await listed(limit)).toEqual(inOrder(all));
  });
  await fc.assert(property, { numRuns: runs });
});

test('more than the service gives at once may have the same time and number', async () => {
  const all = Array.from({ length: 2_100 }, (_, index) => ({ name: `n${index}`, sentAt: 5, keyNumber: 5 }));
  await indexWith([]);
  for (const start of [0, 1_000, 2_000])
    await client.uploadDocuments(all.slice(start, start + 1_000).map(documentOf));
  expect(await listed(500)).toEqual(inOrder(all));
});

/** What comes between two pages: some go, some are sent again and so go to the end, some come from the past. */
const change = fc.record({ entry: fc.nat(29), what: fc.constantFrom('goes', 'moves', 'comes late') });
const changes = fc.array(fc.array(change, { minLength: 2, maxLength: 6 }), { minLength: 8, maxLength: 20 });
/** Nearly all of one time and number, where only the key tells them apart. */
const alike = fc
  .array(fc.constantFrom(0, 0, 0, 0, 1), { minLength: 10, maxLength: 30 })
  .map((all) => all.map((sentAt, index) => ({ name: `n${index}`, sentAt, keyNumber: 7 })));

test('what stays where it is is given once, whatever else goes, comes late or moves between pages', async () => {
  const property = fc.asyncProperty(
    alike,
    changes,
    fc.integer({ min: 1, max: 3 }),
    async (all, moves, limit) => {
      await indexWith(all);
      const touched = new Set<string>();
      const names = await listed(limit, async (page) => {
        const batch = new IndexDocumentsBatch<IndexDocument>();
        for (const { entry, what } of moves[page] ?? []) {
          const one = all[entry % all.length]!;
          // One that comes late has the time of its sending, and a place before those that were given already.
          const other = what === 'moves' ? { ...one, sentAt: 9 } : { ...one, name: `a${one.name}x${page}` };
          touched.add(what === 'comes late' ? other.name : one.name);
          if (what === 'goes') batch.delete([documentOf(one)]);
          else batch.upload([documentOf(other)]);
        }
        if (batch.actions.length > 0) await client.indexDocuments(batch);
      });
      const untouched = (name: string) => !touched.has(name);
      expect(names.filter(untouched)).toEqual(inOrder(all).filter(untouched));
    },
  );
  await fc.assert(property, { numRuns: Math.ceil(runs / 4) });
});

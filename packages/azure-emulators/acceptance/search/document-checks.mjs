import assert from 'node:assert/strict';
import { IndexDocumentsBatch } from '@azure/search-documents';
import { assertStatus } from './harness.mjs';

const statuses = ({ results }) => results.map(({ statusCode }) => statusCode);

export const documentChecks = {
  async 'what is uploaded can be looked up, whole or in part'(context) {
    const search = await context.indexWith([{ id: '1', name: 'Hat', price: 1.5, tags: ['a'], isNew: true }]);
    assert.deepEqual(await search.getDocument('1'), {
      id: '1',
      name: 'Hat',
      description: null,
      price: 1.5,
      stock: null,
      since: null,
      isNew: true,
      tags: ['a'],
      unfiltered: null,
    });
    const part = await search.getDocument('1', { selectedFields: ['name'] });
    assert.equal(part.name, 'Hat');
    assert.equal(part.price, undefined);
    await assertStatus(404, search.getDocument('2'));
  },

  async 'an upload replaces a document whole'(context) {
    const search = await context.indexWith([{ id: '1', name: 'Hat', price: 1 }]);
    const { results } = await search.uploadDocuments([{ id: '1', price: 2 }]);
    assert.deepEqual([results[0].key, results[0].succeeded, results[0].statusCode], ['1', true, 200]);
    await context.shown();
    const { name, price } = await search.getDocument('1');
    assert.deepEqual([name, price], [null, 2]);
  },

  async 'a merge leaves what it does not name, and needs the document'(context) {
    const search = await context.indexWith([{ id: '1', name: 'Hat', price: 1, tags: ['a', 'b'] }]);
    assert.deepEqual(statuses(await search.mergeDocuments([{ id: '1', price: 2, tags: ['c'] }])), [200]);
    await context.shown();
    const { name, price, tags } = await search.getDocument('1');
    assert.deepEqual([name, price, tags], ['Hat', 2, ['c']]);
    assert.deepEqual(statuses(await search.mergeDocuments([{ id: '2', price: 2 }])), [404]);
    assert.deepEqual(statuses(await search.mergeOrUploadDocuments([{ id: '2', price: 2 }])), [201]);
  },

  async 'a deletion needs nothing but the key, and not the document'(context) {
    const search = await context.indexWith([{ id: '1' }, { id: '2' }]);
    assert.deepEqual(statuses(await search.deleteDocuments('id', ['1', '3'])), [200, 200]);
    await context.shown();
    assert.equal(await search.getDocumentsCount(), 1);
    await assertStatus(404, search.getDocument('1'));
  },

  async 'a batch is answered for each document, and fails for those that fail'(context) {
    const search = await context.indexWith([{ id: '1', name: 'Hat' }]);
    const batch = new IndexDocumentsBatch();
    batch.upload([{ id: '2', name: 'Cap' }, { id: 'no/key' }]);
    batch.merge([{ id: '9', name: 'None' }]);
    batch.mergeOrUpload([{ id: '1', price: 3 }]);
    batch.delete([{ id: '2' }]);
    const { results } = await search.indexDocuments(batch);
    assert.deepEqual(
      results.map(({ key, succeeded, statusCode }) => [key, succeeded, statusCode]),
      [
        ['2', true, 201],
        ['no/key', false, 400],
        ['9', false, 404],
        ['1', true, 200],
        ['2', true, 200],
      ],
    );
    assert.match(results[1].errorMessage, /key/);
    await assert.rejects(
      search.indexDocuments(batch, { throwOnAnyFailure: true }),
      ({ results: all }) => all.length === 5,
    );
  },

  async 'a value of another type, or a field that there is not, spoils the whole batch'(context) {
    const search = await context.indexWith([{ id: '1' }]);
    const unfit = [
      { price: 'dear' },
      { stock: 1.5 },
      { stock: 2 ** 31 },
      { name: 1 },
      { isNew: 'yes' },
      { since: 'tomorrow' },
      { since: '2030-13-01T00:00:00Z' },
      { tags: 'a' },
      { tags: [1] },
      { tags: [null] },
      { tags: null },
      { unknown: 1 },
    ];
    for (const one of unfit) {
      await assertStatus(400, search.uploadDocuments([{ id: 'a' }, { id: 'b', ...one }]));
    }
    await context.shown();
    assert.equal(await search.getDocumentsCount(), 1);
  },

  async 'keys are letters, digits and three signs, and do not begin with _'(context) {
    const search = await context.indexWith([{ id: 'aZ09=-' }]);
    const fit = ['a_b', '-', '=', 'x'.repeat(1024)];
    assert.deepEqual(statuses(await search.uploadDocuments(fit.map((id) => ({ id })))), [201, 201, 201, 201]);
    const unfit = ['_a', 'a b', 'ä', 'a.b', 'x'.repeat(1025)];
    assert.deepEqual(
      statuses(await search.uploadDocuments(unfit.map((id) => ({ id })))),
      [400, 400, 400, 400, 400],
    );
    await assertStatus(400, search.uploadDocuments([{ id: '' }]));
    await assertStatus(400, search.uploadDocuments([{ name: 'No key' }]));
  },

  async 'a thousand documents come in one batch, and no more'(context) {
    const search = await context.indexWith([{ id: '1' }]);
    const documents = Array.from({ length: 1001 }, (_, n) => ({ id: `n${n}` }));
    await assertStatus(400, search.uploadDocuments(documents));
    await search.uploadDocuments(documents.slice(1));
    await context.shown();
    assert.equal(await search.getDocumentsCount(), 1001);
  },

  async 'sixteen megabytes come in one batch, and no more'(context) {
    const search = await context.indexWith([{ id: '1' }]);
    const unfiltered = 'x'.repeat(5_500_000);
    await assertStatus(413, search.uploadDocuments(['1', '2', '3', '4'].map((id) => ({ id, unfiltered }))));
    await search.uploadDocuments([
      { id: '1', unfiltered },
      { id: '2', unfiltered },
    ]);
  },

  async 'a text that is too long to be compared is refused alone'(context) {
    const search = await context.indexWith([{ id: '1' }]);
    const long = 'ä'.repeat(16_384);
    const sent = await search.uploadDocuments([
      { id: 'a', name: long },
      { id: 'b', unfiltered: long },
    ]);
    assert.deepEqual(statuses(sent), [400, 201]);
  },

  async 'values come back as their types have them'(context) {
    const since = '2030-01-31T13:00:00+01:00';
    const search = await context.indexWith([
      { id: '1', price: Number.POSITIVE_INFINITY, since },
      { id: '2', price: Number.NaN },
    ]);
    const one = await search.getDocument('1');
    assert.deepEqual([one.price, one.since], [Number.POSITIVE_INFINITY, new Date(since)]);
    assert.ok(Number.isNaN((await search.getDocument('2')).price));
  },

  async 'complex values are kept, merged and found'(context) {
    const inner = { searchable: false, filterable: true, facetable: false };
    const search = await context.indexWith(
      [{ id: '1', address: { city: 'Bern', zip: '3000' }, rooms: [{ type: 'suite', rate: 200 }] }],
      [
        { name: 'id', type: 'Edm.String', key: true },
        {
          name: 'address',
          type: 'Edm.ComplexType',
          fields: [
            { name: 'city', type: 'Edm.String', ...inner, searchable: true },
            { name: 'zip', type: 'Edm.String', ...inner },
          ],
        },
        {
          name: 'rooms',
          type: 'Collection(Edm.ComplexType)',
          fields: [
            { name: 'type', type: 'Edm.String', ...inner },
            { name: 'rate', type: 'Edm.Double', ...inner },
          ],
        },
      ],
    );
    await search.mergeDocuments([{ id: '1', address: { city: 'Basel' } }]);
    await context.shown();
    const document = await search.getDocument('1');
    assert.deepEqual(document.address, { city: 'Basel', zip: '3000' });
    const found = async (filter) => (await search.search('basel', { filter, includeTotalCount: true })).count;
    assert.equal(await found("address/zip eq '3000'"), 1);
    assert.equal(await found("rooms/any(r: r/type eq 'suite' and r/rate gt 100)"), 1);
    assert.equal(await found('rooms/all(r: r/rate gt 300)'), 0);
  },
};

import assert from 'node:assert/strict';
import { assertStatus, productFields } from './harness.mjs';

const key = { name: 'id', type: 'Edm.String', key: true, searchable: false };

export const indexChecks = {
  async 'an index is made, told, listed and deleted'(context) {
    const name = context.newName();
    const made = await context.client.createIndex({ name, fields: productFields });
    assert.equal(made.fields.length, productFields.length);
    const told = await context.client.getIndex(name);
    const price = told.fields.find((field) => field.name === 'price');
    assert.deepEqual(
      [price.type, price.filterable, price.sortable, price.facetable, price.searchable, price.key],
      ['Edm.Double', true, true, true, false, false],
    );
    const names = [];
    for await (const index of context.client.listIndexes()) names.push(index.name);
    assert.ok(names.includes(name));
    const namesAlone = [];
    for await (const one of context.client.listIndexesNames()) namesAlone.push(one);
    assert.ok(namesAlone.includes(name));
    await context.client.deleteIndex(name);
    await assertStatus(404, context.client.getIndex(name));
  },

  async 'one that is there is not made again, and one that is gone is not missed'(context) {
    const name = context.newName();
    await context.client.createIndex({ name, fields: [key] });
    await assertStatus(409, context.client.createIndex({ name, fields: [key] }));
    await context.client.deleteIndex(name);
    await context.client.deleteIndex(name);
  },

  async 'fields may come, and none may go or change'(context) {
    const name = context.newName();
    const a = { name: 'a', type: 'Edm.String', searchable: true };
    const put = (fields) => context.client.createOrUpdateIndex({ name, fields });
    assert.equal((await put([key, a])).fields.length, 2);
    const search = context.client.getSearchClient(name);
    await search.uploadDocuments([{ id: '1', a: 'one' }]);
    assert.equal((await put([key, a, { name: 'b', type: 'Edm.Int32' }])).fields.length, 3);
    await context.shown();
    assert.deepEqual(await search.getDocument('1'), { id: '1', a: 'one', b: null });
    await assertStatus(400, put([key, a]));
    await assertStatus(
      400,
      put([key, { ...a, type: 'Edm.Int32', searchable: false }, { name: 'b', type: 'Edm.Int32' }]),
    );
  },

  async 'an index is changed by its etag only while nobody else has'(context) {
    const name = context.newName();
    // The SDK reads another property than it gives, so the header is ours.
    const { etag } = await context.raw('PUT', `indexes('${name}')`, {
      body: { name, fields: [key] },
    });
    const change = (method, tag, fields = [key, { name: 'a', type: 'Edm.Int32' }]) =>
      context.raw(method, `indexes('${name}')`, {
        ...(method === 'PUT' && { body: { name, fields } }),
        headers: { 'if-match': tag, prefer: 'return=representation' },
      });
    const changed = await change('PUT', etag);
    assert.equal(changed.status, 200);
    assert.notEqual(changed.body['@odata.etag'], etag);
    assert.equal((await change('PUT', etag)).status, 412);
    assert.equal((await change('DELETE', etag)).status, 412);
    const isNew = { body: { name, fields: [key] }, headers: { 'if-none-match': '*' } };
    assert.equal((await context.raw('PUT', `indexes('${name}')`, isNew)).status, 412);
    assert.equal((await change('DELETE', changed.body['@odata.etag'])).status, 204);
  },

  async 'names and fields that no index can have are refused'(context) {
    const unfit = [
      { name: 'A', fields: [key] },
      { name: 'a', fields: [key] },
      { name: 'a--b', fields: [key] },
      { name: 'ab-', fields: [key] },
      { name: 'a'.repeat(129), fields: [key] },
      { name: context.newName(), fields: [] },
      { name: context.newName(), fields: [{ name: 'a', type: 'Edm.String' }] },
      { name: context.newName(), fields: [key, { ...key, name: 'other' }] },
      { name: context.newName(), fields: [{ ...key, type: 'Edm.Int32' }] },
      { name: context.newName(), fields: [key, { name: 'a', type: 'Edm.Text' }] },
      { name: context.newName(), fields: [key, { name: 'a b', type: 'Edm.Int32' }] },
      { name: context.newName(), fields: [key, { name: 'azureSearchA', type: 'Edm.Int32' }] },
      { name: context.newName(), fields: [key, { name: 'a', type: 'Edm.Int32', searchable: true }] },
      {
        name: context.newName(),
        fields: [key, { name: 'a', type: 'Collection(Edm.String)', sortable: true }],
      },
      { name: context.newName(), fields: [key, { name: 'a', type: 'Edm.String', analyzerName: 'none' }] },
    ];
    for (const index of unfit) await assertStatus(400, context.client.createIndex(index));
  },

  async 'statistics count what can be found'(context) {
    const search = await context.indexWith([{ id: '1' }, { id: '2' }]);
    const { documentCount } = await context.client.getIndexStatistics(search.indexName);
    assert.equal(documentCount, 2);
    assert.equal(await search.getDocumentsCount(), 2);
    const count = await context.raw('GET', `indexes('${search.indexName}')/docs/$count`);
    assert.equal(count.text, '2');
  },

  async 'a change is answered with nothing unless its client wants to see it'(context) {
    const name = context.newName();
    const body = { name, fields: [key] };
    assert.equal((await context.raw('PUT', `indexes('${name}')`, { body })).status, 201);
    assert.equal((await context.raw('PUT', `indexes('${name}')`, { body })).status, 204);
    const headers = { prefer: 'return=representation' };
    assert.equal((await context.raw('PUT', `indexes('${name}')`, { body, headers })).body.name, name);
  },

  async 'a request without a version of the interface is refused'(context) {
    const { status } = await context.raw('GET', 'indexes?api-version=');
    assert.equal(status, 400);
  },

  async 'a wrong key is refused, and errors say why'(context) {
    await assertStatus(403, context.clientWith('wrong').getIndex('any'));
    const { status, body } = await context.raw('GET', "indexes('none')");
    assert.equal(status, 404);
    assert.match(body.error.message, /none/);
    assert.equal(typeof body.error.code, 'string');
  },
};

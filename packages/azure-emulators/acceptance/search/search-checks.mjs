import assert from 'node:assert/strict';
import { all, assertStatus, keys } from './harness.mjs';

const products = [
  {
    id: '1',
    name: 'Red shoes',
    description: 'Light running shoes',
    price: 30,
    stock: 3,
    tags: ['sport', 'sale'],
    isNew: true,
    since: '2030-01-01T00:00:00Z',
  },
  {
    id: '2',
    name: 'Blue shoes',
    description: 'For the office',
    price: 80,
    stock: 0,
    tags: ['office'],
    isNew: false,
    since: '2030-02-01T00:00:00Z',
  },
  {
    id: '3',
    name: 'Red hat',
    description: 'Made of felt, red as a rose',
    price: 20,
    stock: 7,
    tags: [],
    since: '2030-02-01T00:00:00.5Z',
  },
  { id: '4', name: "O'Neil's café", description: 'Where shoes are red', tags: ['sale'] },
];
const sorted = async (search, text, options) => (await keys(search, text, options)).sort();

export const textChecks = {
  async 'everything is found for nothing, and for a star'(context) {
    const search = await context.indexWith(products);
    for (const text of ['', '*', undefined]) assert.equal((await keys(search, text)).length, 4);
  },

  async 'one word of a text is enough, or all are needed'(context) {
    const search = await context.indexWith(products);
    assert.deepEqual(await sorted(search, 'red office'), ['1', '2', '3', '4']);
    assert.deepEqual(await sorted(search, 'red shoes', { searchMode: 'all' }), ['1', '4']);
    assert.deepEqual(await sorted(search, 'RED hat', { searchMode: 'all' }), ['3']);
  },

  async 'words are looked for where it is said'(context) {
    const search = await context.indexWith(products);
    assert.deepEqual(await sorted(search, 'red', { searchFields: ['name'] }), ['1', '3']);
    assert.deepEqual(await sorted(search, 'sale', { searchFields: ['tags'] }), ['1', '4']);
    assert.deepEqual(await sorted(search, 'sale', { searchFields: ['name', 'description'] }), []);
    await assertStatus(400, keys(search, 'red', { searchFields: ['price'] }));
    await assertStatus(400, keys(search, 'red', { searchFields: ['none'] }));
  },

  async 'the simple syntax joins, excludes, groups, and knows phrases and beginnings'(context) {
    const search = await context.indexWith(products);
    assert.deepEqual(await sorted(search, 'red + shoes'), ['1', '4']);
    assert.deepEqual(await sorted(search, 'hat | office'), ['2', '3']);
    assert.deepEqual(await sorted(search, 'red -shoes', { searchMode: 'all' }), ['3']);
    assert.deepEqual(await sorted(search, '"running shoes"'), ['1']);
    assert.deepEqual(await sorted(search, '"shoes running"'), []);
    assert.deepEqual(await sorted(search, 'off*'), ['2']);
    assert.deepEqual(await sorted(search, 'red + (hat | running)'), ['1', '3']);
    assert.deepEqual(await sorted(search, '"red as" + fel*'), ['3']);
    assert.deepEqual(await sorted(search, 'nothing'), []);
  },

  async 'the full syntax knows fields, operators, beginnings and slips of the pen'(context) {
    const search = await context.indexWith(products);
    const full = (text, options) => sorted(search, text, { queryType: 'full', ...options });
    assert.deepEqual(await full('name:red'), ['1', '3']);
    assert.deepEqual(await full('name:red AND NOT description:felt'), ['1']);
    assert.deepEqual(await full('+red -name:hat'), ['1', '4']);
    assert.deepEqual(await full('(hat OR office) AND red'), ['3']);
    assert.deepEqual(await full('name:"red shoes"'), ['1']);
    assert.deepEqual(await full('ofice~1'), ['2']);
    assert.deepEqual(await full('off*'), ['2']);
    assert.deepEqual((await keys(search, 'hat^9 shoes', { queryType: 'full' }))[0], '3');
    await assertStatus(400, full('price:30'));
    await assertStatus(400, full('(red'));
  },

  async 'what fits better comes first, with how well'(context) {
    const search = await context.indexWith([
      { id: 'a', name: 'red thing among very many other things' },
      { id: 'b', name: 'red red' },
      { id: 'c', name: 'blue' },
    ]);
    const found = await all(search, 'red');
    assert.deepEqual(
      found.map(({ document }) => document.id),
      ['b', 'a'],
    );
    assert.ok(found[0].score > found[1].score && found[1].score > 0);
  },

  async 'words are taken by the analyzer of their field'(context) {
    const field = (name, analyzerName) => ({ name, type: 'Edm.String', searchable: true, analyzerName });
    const search = await context.indexWith(
      [{ id: '1', plain: 'Running shoes', english: 'Running shoes', code: 'AB-12 c', folded: 'Café' }],
      [
        { name: 'id', type: 'Edm.String', key: true },
        field('plain', 'standard.lucene'),
        field('english', 'en.microsoft'),
        field('code', 'keyword'),
        field('folded', 'standardasciifolding.lucene'),
      ],
    );
    const found = async (text, name) => (await keys(search, text, { searchFields: [name] })).length;
    assert.deepEqual([await found('shoe', 'plain'), await found('shoe', 'english')], [0, 1]);
    assert.equal(await found('run', 'english'), 1);
    assert.deepEqual([await found('AB-12', 'code'), await found('"AB-12 c"', 'code')], [0, 1]);
    assert.equal(await found('cafe', 'folded'), 1);
  },

  async 'a document is found by what it says now'(context) {
    const search = await context.indexWith(products);
    await search.mergeDocuments([{ id: '3', name: 'Green cap' }]);
    await search.deleteDocuments('id', ['1']);
    await context.shown();
    assert.deepEqual(await sorted(search, 'hat'), []);
    assert.deepEqual(await sorted(search, 'cap'), ['3']);
    assert.deepEqual(await sorted(search, 'running'), []);
  },
};

export const resultChecks = {
  async 'results are ordered, with what is not there first'(context) {
    const search = await context.indexWith(products);
    assert.deepEqual(await keys(search, '', { orderBy: ['price'] }), ['4', '3', '1', '2']);
    assert.deepEqual(await keys(search, '', { orderBy: ['price desc'] }), ['2', '1', '3', '4']);
    assert.deepEqual(await keys(search, '', { orderBy: ['since desc', 'id'] }), ['3', '2', '1', '4']);
    assert.deepEqual(await keys(search, '', { orderBy: ['isNew desc', 'name asc'] }), ['1', '2', '4', '3']);
    assert.deepEqual((await keys(search, 'hat red', { orderBy: ['search.score() desc'] }))[0], '3');
    for (const orderBy of [['tags'], ['unfiltered'], ['none'], ['price down']]) {
      await assertStatus(400, keys(search, '', { orderBy }));
    }
  },

  async 'texts are ordered by the numbers of their letters'(context) {
    const names = ['Z', 'a', 'ä', '\uffee', '😀'];
    const search = await context.indexWith(names.map((name, n) => ({ id: `${n}`, name })));
    assert.deepEqual(await keys(search, '', { orderBy: ['name'] }), ['0', '1', '2', '3', '4']);
  },

  async 'only what is selected is told, and what is hidden never'(context) {
    const search = await context.indexWith([{ ...products[0], secret: 'x' }]);
    const [one] = await all(search, '', { select: ['name', 'price'] });
    assert.deepEqual([one.document.name, one.document.price], ['Red shoes', 30]);
    assert.equal('stock' in one.document, false);
    const [whole] = await all(search, '');
    assert.equal('secret' in whole.document, false);
    assert.deepEqual(await keys(search, '', { filter: "secret eq 'x'" }), ['1']);
    await assertStatus(400, all(search, '', { select: ['secret'] }));
    await assertStatus(400, all(search, '', { select: ['none'] }));
  },

  async 'pages begin and end where it is said, and the whole is counted'(context) {
    const search = await context.indexWith(products);
    const page = await search.search('', { orderBy: ['id'], top: 2, skip: 1, includeTotalCount: true });
    assert.equal(page.count, 4);
    assert.deepEqual(await keys(search, '', { orderBy: ['id'], top: 2, skip: 1 }), ['2', '3']);
    assert.deepEqual(await keys(search, '', { orderBy: ['id'], top: 2, skip: 9 }), []);
    await assertStatus(400, keys(search, '', { skip: 100_001 }));
    await assertStatus(400, keys(search, '', { top: -1 }));
  },

  async 'a thousand results come at once, and the answer says where the others are'(context) {
    const search = await context.indexWith([{ id: 'first', stock: -1 }]);
    for (const start of [0, 1000, 2000]) {
      await search.uploadDocuments(
        Array.from({ length: 1000 }, (_, n) => ({ id: `n${start + n}`, stock: start + n })),
      );
    }
    await context.shown();
    const sizes = [];
    const { results } = await search.search('', { orderBy: ['stock'], top: 2500 });
    for await (const page of results.byPage()) sizes.push(page.results.length);
    assert.deepEqual(sizes, [1000, 1000, 500]);
    const found = await keys(search, '', { orderBy: ['stock'], top: 2500 });
    assert.equal(new Set(found).size, 2500);
    assert.deepEqual([found[0], found[2499]], ['first', 'n2498']);
    const body = { search: '*', top: 1200, orderby: 'stock' };
    const page = await context.raw('POST', `indexes('${search.indexName}')/docs/search.post.search`, {
      body,
    });
    assert.deepEqual(page.body['@search.nextPageParameters'], { ...body, top: 200, skip: 1000 });
    assert.match(page.body['@odata.nextLink'], /search\.post\.search/);
  },

  async 'values are counted: the most frequent, those between bounds, and in steps'(context) {
    const search = await context.indexWith(products);
    const facet = async (text, options = {}) => {
      const { facets } = await search.search('', { facets: [text], ...options });
      return Object.values(facets)[0].map(({ count, value, from, to }) => [value ?? [from, to], count]);
    };
    assert.deepEqual(await facet('tags'), [
      ['sale', 2],
      ['office', 1],
      ['sport', 1],
    ]);
    assert.deepEqual(await facet('tags,count:1'), [['sale', 2]]);
    assert.deepEqual(await facet('tags,sort:-value'), [
      ['sport', 1],
      ['sale', 2],
      ['office', 1],
    ]);
    assert.deepEqual(await facet('isNew,sort:value'), [
      [false, 1],
      [true, 1],
    ]);
    assert.deepEqual(await facet('price,values:30|80'), [
      [[undefined, 30], 1],
      [[30, 80], 1],
      [[80, undefined], 1],
    ]);
    assert.deepEqual(await facet('price,interval:50'), [
      [0, 2],
      [50, 1],
    ]);
    assert.deepEqual(await facet('tags', { filter: 'price lt 50' }), [
      ['sale', 1],
      ['sport', 1],
    ]);
    const month = (n) => new Date(Date.UTC(2030, n));
    assert.deepEqual(await facet('since,interval:month'), [
      [month(0), 1],
      [month(1), 2],
    ]);
    for (const text of [
      'unfiltered',
      'none',
      'price,count:2,interval:5',
      'price,interval:0',
      'tags,values:1|2',
      'price,values:3|2',
      'price,size:3',
    ]) {
      await assertStatus(400, facet(text));
    }
  },
};

export const suggestionChecks = {
  async 'texts are suggested, and words completed'(context) {
    const suggesters = [{ name: 'sg', searchMode: 'analyzingInfixMatching', sourceFields: ['name', 'tags'] }];
    const search = await context.indexWith(products, undefined, { suggesters });
    const suggested = async (text, options = {}) =>
      (await search.suggest(text, 'sg', options)).results.map(({ text: found, document }) => [
        found,
        document.id,
      ]);
    assert.deepEqual(await suggested('red sh'), [['Red shoes', '1']]);
    assert.deepEqual(await suggested('re', { orderBy: ['id desc'] }), [
      ['Red hat', '3'],
      ['Red shoes', '1'],
    ]);
    assert.deepEqual(await suggested('re', { filter: 'price lt 25' }), [['Red hat', '3']]);
    assert.equal((await suggested('s', { top: 1 })).length, 1);
    await assertStatus(400, search.suggest('red', 'none'));
    const completed = async (text, autocompleteMode) =>
      (await search.autocomplete(text, 'sg', { autocompleteMode })).results.map(({ text: found }) => found);
    assert.deepEqual(await completed('sh'), ['shoes']);
    assert.deepEqual(await completed('re', 'twoTerms'), ['red hat', 'red shoes']);
    assert.deepEqual(await completed('red s', 'oneTermWithContext'), ['shoes']);
    const { results } = await search.autocomplete('blue s', 'sg', { autocompleteMode: 'oneTermWithContext' });
    assert.deepEqual(results, [{ text: 'shoes', queryPlusText: 'blue shoes' }]);
  },
};

import assert from 'node:assert/strict';
import { ChangeFeedStartFrom } from '@azure/cosmos';
import { ids } from './harness.mjs';

/** All pages until the reader has caught up, and where to go on. */
async function changes(container, options) {
  const iterator = container.items.getChangeFeedIterator(options);
  const pages = [];
  for (;;) {
    const page = await iterator.readNext();
    if (page.statusCode === 304) return { pages, items: pages.flat(), continuation: page.continuationToken };
    pages.push(page.result);
  }
}

const fromBeginning = (scope) => ({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning(scope) });
const goingOn = (continuation) => ({ changeFeedStartFrom: ChangeFeedStartFrom.Continuation(continuation) });

export const feedChecks = {
  async 'has each item once, as its last write left it, in the order of the last writes'(context) {
    const container = await context.containerWith([{ id: 'a' }, { id: 'b', pk: 'q' }, { id: 'c' }]);
    await container.items.upsert({ id: 'a', pk: 'p', n: 1 });
    await container.item('c', 'p').delete();
    const { items } = await changes(container, fromBeginning());
    assert.deepEqual(
      items.map(({ id, n }) => [id, n]),
      [
        ['b', undefined],
        ['a', 1],
      ],
    );
  },

  async 'goes on where it stopped, and says when nothing is new'(context) {
    const container = await context.containerWith([{ id: 'a' }]);
    const first = await changes(container, fromBeginning());
    assert.deepEqual((await changes(container, goingOn(first.continuation))).items, []);
    await container.items.create({ id: 'b', pk: 'q' });
    const second = await changes(container, goingOn(first.continuation));
    assert.deepEqual(ids(second.items), ['b']);
    await container.items.upsert({ id: 'a', pk: 'p', n: 1 });
    assert.deepEqual(ids((await changes(container, goingOn(second.continuation))).items), ['a']);
  },

  async 'of one key has the items of that key alone'(context) {
    const container = await context.containerWith([{ id: 'a' }, { id: 'b', pk: 'q' }]);
    const { items, continuation } = await changes(container, fromBeginning('p'));
    assert.deepEqual(ids(items), ['a']);
    await container.items.create({ id: 'c', pk: 'q' });
    await container.items.create({ id: 'd', pk: 'p' });
    assert.deepEqual(ids((await changes(container, goingOn(continuation))).items), ['d']);
  },

  async 'of each range of keys, together, has all'(context) {
    const container = await context.containerWith([{ id: 'a' }, { id: 'b', pk: 'q' }]);
    const found = [];
    for (const range of await container.getFeedRanges()) {
      found.push(...ids((await changes(container, fromBeginning(range))).items));
    }
    assert.deepEqual(found.sort(), ['a', 'b']);
  },

  async 'comes in pages of the size that was asked for'(context) {
    const container = await context.containerWith(['a', 'b', 'c', 'd', 'e'].map((id) => ({ id })));
    const { pages } = await changes(container, { ...fromBeginning('p'), maxItemCount: 2 });
    assert.deepEqual(pages.map(ids), [['a', 'b'], ['c', 'd'], ['e']]);
  },

  async 'does not tear a batch'(context) {
    const container = await context.containerWith([{ id: 'a' }]);
    const operations = ['b', 'c', 'd'].map((id) => ({
      operationType: 'Create',
      resourceBody: { id, pk: 'p' },
    }));
    await container.items.batch(operations, 'p');
    const { pages } = await changes(container, { ...fromBeginning('p'), maxItemCount: 2 });
    assert.deepEqual(pages.flatMap(ids), ['a', 'b', 'c', 'd']);
    assert.ok(pages.some((page) => ids(page).join() === 'a,b,c,d' || ids(page).join() === 'b,c,d'));
  },

  async 'from now has what comes later'(context) {
    const container = await context.containerWith([{ id: 'a' }]);
    const options = { changeFeedStartFrom: ChangeFeedStartFrom.Now() };
    const { items, continuation } = await changes(container, options);
    assert.deepEqual(items, []);
    await container.items.create({ id: 'b', pk: 'p' });
    assert.deepEqual(ids((await changes(container, goingOn(continuation))).items), ['b']);
  },

  async 'from a time has what was written since'(context) {
    const container = await context.containerWith([{ id: 'a' }]);
    const { resource } = await container.item('a', 'p').read();
    await context.pass(5_000);
    await container.items.create({ id: 'b', pk: 'p' });
    const time = new Date((resource._ts + 2) * 1000);
    const { items } = await changes(container, { changeFeedStartFrom: ChangeFeedStartFrom.Time(time) });
    assert.deepEqual(ids(items), ['b']);
  },
};

import assert from 'node:assert/strict';
import { assertStatus } from './harness.mjs';

async function itemOf(context, body) {
  const container = await context.container();
  await container.items.create({ id: 'a', pk: 'p', ...body });
  return container.item('a', 'p');
}

export const patchChecks = {
  async 'adds, sets, replaces, removes, increments and moves'(context) {
    const item = await itemOf(context, { n: 1, list: [1, 3], inner: { old: 'x' }, gone: true });
    const { resource } = await item.patch([
      { op: 'add', path: '/list/1', value: 2 },
      { op: 'add', path: '/list/-', value: 4 },
      { op: 'set', path: '/inner/made', value: { deep: [] } },
      { op: 'replace', path: '/inner/old', value: 'y' },
      { op: 'remove', path: '/gone' },
      { op: 'incr', path: '/n', value: 2.5 },
      { op: 'incr', path: '/fresh', value: 1 },
      { op: 'move', from: '/inner/old', path: '/moved' },
    ]);
    const { list, inner, gone, n, fresh, moved } = resource;
    assert.deepEqual(
      { list, inner, gone, n, fresh, moved },
      { list: [1, 2, 3, 4], inner: { made: { deep: [] } }, gone: undefined, n: 3.5, fresh: 1, moved: 'y' },
    );
  },

  async 'happens only where its condition holds'(context) {
    const item = await itemOf(context, { version: 3 });
    const operations = [{ op: 'incr', path: '/version', value: 1 }];
    await item.patch({ condition: 'from c where c.version = 3', operations });
    await assertStatus(412, item.patch({ condition: 'from c where c.version = 3', operations }));
    assert.equal((await item.read()).resource.version, 4);
  },

  async 'with one operation that cannot be done does nothing'(context) {
    const item = await itemOf(context, { n: 1 });
    const wrong = [
      { op: 'replace', path: '/none', value: 1 },
      { op: 'remove', path: '/none' },
      { op: 'set', path: '/no/such/place', value: 1 },
      { op: 'incr', path: '/id', value: 1 },
      { op: 'set', path: '/id', value: 'b' },
      { op: 'set', path: '/pk', value: 'q' },
    ];
    for (const operation of wrong) {
      await assertStatus(400, item.patch([{ op: 'set', path: '/n', value: 2 }, operation]));
    }
    assert.equal((await item.read()).resource.n, 1);
  },

  async 'has ten operations at most'(context) {
    const item = await itemOf(context, { n: 0 });
    const operations = (count) => Array.from({ length: count }, () => ({ op: 'incr', path: '/n', value: 1 }));
    assert.equal((await item.patch(operations(10))).resource.n, 10);
    await assertStatus(400, item.patch(operations(11)));
  },
};

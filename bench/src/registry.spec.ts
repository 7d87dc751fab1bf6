import { expect, it } from 'vitest';
import { loadLine, selectLines } from './registry.js';

it('gives every line by the id under which it is found', async () => {
  const ids = selectLines([]);
  const lines = await Promise.all(ids.map(loadLine));
  expect(lines.map(({ id }) => id)).toEqual(ids);
});

it('selects by group and by line', () => {
  expect(selectLines(['imports'])).toEqual(['imports/import-time', 'imports/inversify']);
  expect(selectLines(['imports/inversify'])).toEqual(['imports/inversify']);
});

it('refuses what it does not have, naming what it has', () => {
  expect(() => selectLines(['import'])).toThrow("no 'import' among buses/bare-execute-1,");
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexNameOf, requirePrefix } from './index-names.js';

const copy = fc.record({
  model: fc.stringMatching(/^[\w.-]{1,100}$/),
  version: fc.integer({ min: 1, max: 99_999 }),
  generation: fc.integer({ min: 1, max: 99_999 }),
});

test('a name has only what the service takes, whatever the read model', () => {
  fc.assert(
    fc.property(copy, (one) => {
      const name = indexNameOf('diptych', one);
      return name.length <= 128 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
    }),
  );
});

test('two copies never share an index', () => {
  const models = [
    'a',
    'A',
    'a-v1',
    'a-v1-g1',
    'a.b',
    'a_b',
    'a-b',
    'a--b',
    '-a',
    'a-',
    '_',
    '..',
    'x'.repeat(100),
  ];
  const copies = models.flatMap((model) =>
    [1, 11].flatMap((version) => [1, 2].map((generation) => ({ model, version, generation }))),
  );
  expect(new Set(copies.map((one) => indexNameOf('diptych', one))).size).toBe(copies.length);
  fc.assert(
    fc.property(
      copy,
      copy,
      (one, other) =>
        JSON.stringify(one) === JSON.stringify(other) || indexNameOf('d', one) !== indexNameOf('d', other),
    ),
  );
});

test('programs with another prefix have other indexes', () => {
  const named = (prefix: string, model: string) =>
    indexNameOf(requirePrefix(prefix), { model, version: 1, generation: 1 });
  expect(named('shop', 'b-c')).not.toBe(named('shopb', 'c'));
  for (const prefix of ['', 'a-b', 'A', '1a', 'ä', 'x'.repeat(21)])
    expect(() => requirePrefix(prefix)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
});

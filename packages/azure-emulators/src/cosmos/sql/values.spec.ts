import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../clock/system-clock.js';
import type { JsonValue } from '../items/json.js';
import { readQuery } from '../query/query-text.js';
import { runQuery } from '../query/run-query.js';
import { likePattern } from './like-pattern.js';
import { identityOf, inOrder, isSame } from './values.js';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;

/** What one expression comes to; undefined where it has no value. */
function resultOf(
  expression: string,
  parameters: Readonly<Record<string, JsonValue>> = {},
): JsonValue | undefined {
  const named = Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value }));
  const { compiled, parameters: given } = readQuery({
    query: `SELECT VALUE ${expression}`,
    parameters: named,
  });
  const unlimited = { results: 10, bytes: Number.POSITIVE_INFINITY };
  return runQuery({
    query: compiled,
    given: { parameters: given, clock: systemClock },
    candidates: () => [],
    limits: unlimited,
    after: undefined,
    isSortable: () => true,
  }).results[0];
}

describe('values', () => {
  test('are the same exactly if their identities are, and if neither comes first', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(isSame(one, one)).toBe(true);
        expect(isSame(one, other)).toBe(identityOf(one) === identityOf(other));
        expect(inOrder(one, other) === 0).toBe(isSame(one, other));
      }),
    );
  });

  test('have one order', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 6 }), (values) => {
        const sorted = [...values].sort(inOrder);
        for (const [index, value] of sorted.entries()) {
          for (const later of sorted.slice(index)) expect(inOrder(value, later)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test('that are parameters come back as they are', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(resultOf('@value', { value })).toEqual(value);
      }),
    );
  });
});

describe('what is unknown', () => {
  test.each([
    ['true AND undefined', undefined],
    ['false AND undefined', false],
    ['true OR undefined', true],
    ['false OR undefined', undefined],
    ['NOT undefined', undefined],
    ['NOT 1', undefined],
    ['1 < "2"', undefined],
    ['1 = "1"', false],
    ['1 != "1"', true],
    ['undefined = undefined', undefined],
    ['null = null', true],
    ['[1, {"a": 2}] = [1, {"a": 2}]', true],
    ['[1] < [2]', undefined],
    ['1 IN ("1", undefined)', undefined],
    ['1 IN (undefined, 1)', true],
    ['"a" LIKE 1', undefined],
    ['1 + "1"', undefined],
    ['1 / 0', undefined],
    ['null ?? 1', null],
    ['undefined ?? 1', 1],
    ['undefined ? 1 : 2', 2],
    ['[undefined, 1]', [1]],
    ['{"a": undefined, "b": 1}', { b: 1 }],
    ['{"a": 1}.a', 1],
    ['{"a": 1}.constructor', undefined],
    ['"text".length', undefined],
    ['[1, 2][1]', 2],
    ['[1, 2].length', undefined],
  ])('%s', (expression, expected) => expect(resultOf(expression)).toEqual(expected));
});

describe('functions', () => {
  test.each([
    ['LEFT("abc", 2) || RIGHT("abc", 1)', 'abc'],
    ['ARRAY_SLICE([1, 2, 3], -2)', [2, 3]],
    ['ARRAY_CONCAT([1], [2])', [1, 2]],
    ['SetUnion([1, 2], [2, 3])', [1, 2, 3]],
    ['SetIntersect([1, 2], [2, 3])', [2]],
    ['ROUND(-2.5)', -3],
    ['ROUND(2.345, 2)', 2.35],
    ['ToString([1])', '[1]'],
    ['StringToNumber("x")', undefined],
    ['StringToObject("{\\"a\\": 1}").a', 1],
    ['IS_INTEGER(1.5)', false],
    ['IS_PRIMITIVE([])', false],
    ['CONTAINS("a", 1)', undefined],
    ['INDEX_OF("abc", "x")', -1],
    ['ARRAY_CONTAINS("a", "a")', undefined],
    ['DateTimeToTimestamp("2026-01-02T03:04:05.0000000Z")', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['TimestampToDateTime(0)', '1970-01-01T00:00:00.0000000Z'],
    ['DateTimePart("hh", "2026-01-02T03:04:05Z")', 3],
  ])('%s', (expression, expected) => expect(resultOf(expression)).toEqual(expected));

  test('tell the time', () => {
    const [now, before] = [resultOf('GetCurrentTimestamp()'), Date.now() - 60_000];
    expect(now).toBeGreaterThan(before);
    expect(String(resultOf('GetCurrentDateTime()'))).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:]{8}\.\d{7}Z$/);
  });
});

describe('patterns', () => {
  test.each([
    ['a%', 'abc', true],
    ['a%', 'a\nb', true],
    ['a_c', 'abc', true],
    ['a_c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[-a]', '-', true],
    ['[c-a]', '-', true],
    ['100!%', '100%', true],
    ['100!%', '1000', false],
    ['a.c', 'abc', false],
    ['(a|b)*', 'a', false],
    ['[a', '[a', true],
    ['a-b', 'a-b', true],
  ])('%s of %s', (pattern, text, matches) => expect(likePattern(pattern, '!').test(text)).toBe(matches));

  const letters = fc.constantFrom(...'ab-^]', '%', '_', '[', '!', '\\', '.', '*', '(', '/', '🙂', '\n');

  test('any text is its own pattern once it is escaped', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: letters, maxLength: 8 }),
        fc.string({ unit: letters, maxLength: 8 }),
        (text, other) => {
          const pattern = likePattern(text.replace(/[!%_[\]]/g, '!$&'), '!');
          expect(pattern.test(text)).toBe(true);
          expect(pattern.test(other)).toBe(text === other);
        },
      ),
    );
  });
});

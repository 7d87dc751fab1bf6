import { describe, expect, test } from 'vitest';
import { CosmosError } from '../cosmos-error.js';
import { parseQuery } from './parse-query.js';

const whereOf = (condition: string) => parseQuery(`SELECT * FROM c WHERE ${condition}`).where;

/** An expression with all parentheses that it means. */
function shown(condition: string): string {
  const show = (expression: ReturnType<typeof whereOf>): string => {
    if (expression === undefined) return '';
    switch (expression.kind) {
      case 'constant':
        return JSON.stringify(expression.value) ?? 'undefined';
      case 'parameter':
      case 'name':
        return expression.name;
      case 'member':
        return `${show(expression.of)}[${show(expression.name)}]`;
      case 'unary':
        return `(${expression.operator} ${show(expression.value)})`;
      case 'binary':
        return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
      case 'choice':
        return `(${show(expression.condition)} ? ${show(expression.chosen)} : ${show(expression.otherwise)})`;
      default:
        return expression.kind;
    }
  };
  return show(whereOf(condition));
}

describe('operators bind', () => {
  test.each([
    ['1 + 2 * 3 - 4', '((1 + (2 * 3)) - 4)'],
    ['-1 - -2', '((- 1) - (- 2))'],
    ['@a = 1 AND @b = 2 OR @c = 3', '(((@a = 1) AND (@b = 2)) OR (@c = 3))'],
    ['@a OR @b AND NOT @c', '(@a OR (@b AND (NOT @c)))'],
    ['@a + 1 > @b * 2', '((@a + 1) > (@b * 2))'],
    ['@a ?? @b ? 1 : @c ? 2 : 3', '((@a ?? @b) ? 1 : (@c ? 2 : 3))'],
    ['@a BETWEEN 1 AND 2 AND @b', '(((@a >= 1) AND (@a <= 2)) AND @b)'],
    ['@a NOT BETWEEN 1 + 1 AND 3', '(NOT ((@a >= (1 + 1)) AND (@a <= 3)))'],
    ['@a || @b || @c', '((@a || @b) || @c)'],
    ['c.a.b[0]["d e"]', 'c["a"]["b"][0]["d e"]'],
  ])('%s', (condition, expected) => expect(shown(condition)).toBe(expected));
});

describe('literals', () => {
  test.each([
    ['0x1F', 31],
    ['1.5e3', 1500],
    ['.5', 0.5],
    ["'it\\'s'", "it's"],
    ['"tab\\tquote\\"\\u00e4"', 'tab\tquote"ä'],
    ["'--no comment'", '--no comment'],
    ['TRUE', true],
    ['Null', null],
    ['undefined', undefined],
  ])('%s', (literal, value) => expect(whereOf(literal)).toEqual({ kind: 'constant', value }));
});

test('keywords are the same in small and large letters, and comments are passed over', () => {
  const query = parseQuery(
    'select /* all */ distinct VALUE c.order_id -- not the rest\n From c WHERE c.A Like "x"',
  );
  expect(query).toEqual(parseQuery('SELECT DISTINCT VALUE c.order_id FROM c WHERE c.A LIKE "x"'));
});

describe('refused', () => {
  test.each([
    ['SELECT * FROM c WHERE c.a = = 1', 28, '='],
    ['SELECT * FORM c', 9, 'FORM'],
    ['SELECT * FROM c WHERE NOT c.a = 1', 30, '='],
    ['SELECT * FROM c WHERE c.a || "x" = "y"', 33, '='],
    ['SELECT c.order FROM c', 9, 'order'],
    ["SELECT 'open FROM c", 19, '<EOF>'],
    ['SELECT udf.f(1) FROM c', undefined, undefined],
    ['SELECT * FROM c WHERE c.a = 1 = 1', 30, '='],
  ])('%s', (text, start, near) => {
    const error = thrownBy(() => parseQuery(text));
    expect(error.status).toBe(400);
    if (near !== undefined) {
      const { errors } = JSON.parse(error.message.replace('Message: ', ''));
      expect(errors[0]).toMatchObject({ code: 'SC1001', location: { start } });
      expect(errors[0].message).toBe(`Syntax error, incorrect syntax near '${near}'.`);
    }
  });

  test('nesting beyond all measure', () => {
    const deep = `${'('.repeat(20_000)}1${')'.repeat(20_000)}`;
    expect(thrownBy(() => parseQuery(`SELECT VALUE ${deep}`)).status).toBe(400);
    expect(thrownBy(() => parseQuery(`SELECT VALUE ${'['.repeat(5_000)}`)).status).toBe(400);
  });

  test('texts beyond all measure', () => {
    expect(thrownBy(() => parseQuery(`SELECT VALUE "${'x'.repeat(600_000)}"`)).status).toBe(400);
  });
});

function thrownBy(work: () => unknown): CosmosError {
  try {
    work();
  } catch (error) {
    if (error instanceof CosmosError) return error;
    throw error;
  }
  throw new Error('It should have failed.');
}

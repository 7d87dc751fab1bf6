import { describe, expect, test } from 'vitest';
import { readSql, type SqlText } from './asked-sql.js';
import { type BoundTo, boundQuery } from './bound-query.js';
import { type SqlFragment, sql } from './sql-fragment.js';

const boundTo: BoundTo = ['copy-1', 'tenant-1'];
const bound =
  'diptych_item.copy = @diptych_copy AND diptych_item.tenant = @diptych_tenant AND IS_DEFINED(diptych_item.doc)';

/** As it is sent, with the spaces that a reader would write. */
function sent(asked: SqlFragment | SqlText | string): string {
  const read = readSql(typeof asked === 'string' ? { text: asked } : asked);
  const { text } = boundQuery(read, boundTo);
  return text
    .replace(/ ([.,)\]])/g, '$1')
    .replace(/([.([]) /g, '$1')
    .replace(/(\w+) \(/g, (found, word: string) => (/^(AND|WHERE|IN|JOIN)$/.test(word) ? found : `${word}(`))
    .trim();
}

describe('a query about documents', () => {
  test.each([
    ['SELECT d.n FROM d', `SELECT diptych_item.doc.n FROM diptych_item WHERE ${bound}`],
    [
      'SELECT d.n FROM d WHERE d.a = 1 OR d.b = 2',
      `SELECT diptych_item.doc.n FROM diptych_item WHERE ${bound} AND (diptych_item.doc.a = 1 OR diptych_item.doc.b = 2)`,
    ],
    ['select * from documents', `select VALUE diptych_item.doc from diptych_item WHERE ${bound}`],
    ['SELECT TOP 3 * FROM d', `SELECT TOP 3 VALUE diptych_item.doc FROM diptych_item WHERE ${bound}`],
    ['SELECT d FROM documents AS d', `SELECT diptych_item.doc AS d FROM diptych_item WHERE ${bound}`],
    ['SELECT VALUE d FROM documents d', `SELECT VALUE diptych_item.doc FROM diptych_item WHERE ${bound}`],
    [
      'SELECT d.a, d, d AS x, COUNT(d), [d], {d: d, "e": d} FROM d',
      `SELECT diptych_item.doc.a, diptych_item.doc AS d, diptych_item.doc AS x, COUNT(diptych_item.doc), [diptych_item.doc], { d : diptych_item.doc, "e" : diptych_item.doc } FROM diptych_item WHERE ${bound}`,
    ],
    [
      'SELECT d.s, COUNT(1) AS n FROM d WHERE d.a IN (1, 2) GROUP BY d.s',
      `SELECT diptych_item.doc.s, COUNT(1) AS n FROM diptych_item WHERE ${bound} AND (diptych_item.doc.a IN (1, 2)) GROUP BY diptych_item.doc.s`,
    ],
    [
      'SELECT d.n FROM d ORDER BY d.n DESC OFFSET 1 LIMIT 2',
      `SELECT diptych_item.doc.n FROM diptych_item WHERE ${bound} ORDER BY diptych_item.doc.n DESC OFFSET 1 LIMIT 2`,
    ],
    [
      'SELECT d.n, t FROM d JOIN t IN d.tags JOIN (SELECT VALUE u FROM u IN t.parts) AS p WHERE p.d = d["d"]',
      `SELECT diptych_item.doc.n, t FROM diptych_item JOIN t IN diptych_item.doc.tags JOIN (SELECT VALUE u FROM u IN t.parts) AS p WHERE ${bound} AND (p.d = diptych_item.doc ["d"])`,
    ],
    [
      "SELECT d.n FROM d -- WHERE d.x\n WHERE /* '( */ d.name = '-- d' AND EXISTS(SELECT 1 FROM t IN d.tags WHERE t = 'd')",
      `SELECT diptych_item.doc.n FROM diptych_item WHERE ${bound} AND (diptych_item.doc.name = '-- d' AND EXISTS(SELECT 1 FROM t IN diptych_item.doc.tags WHERE t = 'd'))`,
    ],
  ])('%s', (asked, expected) => {
    expect(sent(asked)).toBe(expected);
  });

  test('values are parameters, also of a query that is a part of it', () => {
    const cheap = sql`d.price < ${10} OR d.tags = ${['a', 'b']}`;
    const read = readSql(sql`SELECT * FROM d WHERE d.status = ${"open' OR 1=1 --"} AND (${cheap})`);
    expect(read.text).toBe(
      'SELECT * FROM d WHERE d.status = @value1 AND (d.price < @value2 OR d.tags = @value3)',
    );
    expect(boundQuery(read, boundTo).parameters).toEqual([
      { name: '@value1', value: "open' OR 1=1 --" },
      { name: '@value2', value: 10 },
      { name: '@value3', value: ['a', 'b'] },
      { name: '@diptych_copy', value: 'copy-1' },
      { name: '@diptych_tenant', value: 'tenant-1' },
    ]);
  });

  test('is bound to a place too', () => {
    const { text, parameters } = boundQuery(readSql(sql`SELECT * FROM d`), ['c', 't', 'p']);
    expect(text).toContain('diptych_item.place = @diptych_place');
    expect(parameters).toContainEqual({ name: '@diptych_place', value: 'p' });
  });

  test('where something stands in the text that is sent, it stood in the program’s', () => {
    const asked = 'SELECT d.first\nFROM documents AS d\nWHERE d.second = 1';
    const { text, positionOf } = boundQuery(readSql({ text: asked }), boundTo);
    for (const word of ['first', 'second', '1'])
      expect(positionOf(text.lastIndexOf(word))).toBe(asked.lastIndexOf(word));
  });
});

describe('a query that would show something else is refused', () => {
  test.each([
    // Other sources than the documents.
    ['SELECT * FROM d.items', 14],
    ['SELECT * FROM t IN d.tags', 14],
    ['SELECT * FROM (SELECT VALUE x FROM x) d', 14],
    ['SELECT VALUE c FROM d', 13],
    ['SELECT (SELECT VALUE r.marks FROM ROOT r) FROM d', 34],
    ['SELECT r FROM d JOIN (SELECT VALUE x FROM x IN ROOT.found) r', 47],
    ['SELECT r FROM d JOIN r IN c.marks', 26],
    ['SELECT ROOT FROM d', 7],
    ['SELECT diptych_item.marks FROM d', 7],
    ['SELECT d.n AS diptych_item FROM d', 14],
    ['SELECT d.n diptych_x FROM d', 11],
    ['SELECT * FROM diptych_item', 14],
    // The documents' name for something else.
    ['SELECT d.n FROM d JOIN d IN d.tags', 23],
    ['SELECT 1 d FROM d', 9],
    ['SELECT d.n AS d FROM d', 14],
    ['SELECT EXISTS(SELECT 1 FROM d IN d.tags) FROM d', 28],
    ['SELECT x FROM d JOIN (SELECT VALUE 1) d', 38],
    // Out of the brackets.
    ['SELECT * FROM d WHERE 1=1) OR (1=1', 25],
    ['SELECT * FROM d WHERE (1=1', 22],
    ['SELECT * FROM d WHERE d["a"} = 1', 27],
    ['SELECT * FROM d WHERE 1=1 WHERE 2=2', 26],
    ['SELECT * FROM d WHERE 1=1 FROM d', 26],
    ['SELECT * FROM d GROUP BY d.a WHERE 1=1', 29],
    ['SELECT * FROM d SELECT * FROM d', 16],
    ["SELECT * FROM d WHERE d.a = 'x", 28],
    ['SELECT * FROM d WHERE d.a = "x', 28],
    ["SELECT * FROM d WHERE d.a = 'x\\'", 28],
    ['SELECT * FROM d /* WHERE', 16],
    ['SELECT * FROM d; SELECT 1', 15],
    ['SELECT * FROM d WHERE d.a = \u0000', 28],
    // No query about documents.
    ['', 0],
    ['DELETE FROM d', 0],
    ['SELECT 1', 8],
    ['SELECT * FROM', 9],
    ['SELECT * FROM d AS', 14],
    ['SELECT * FROM AS d', 17],
    ['SELECT * FROM a b c', 14],
    ['SELECT * FROM d JOIN t IN d.tags', 7],
  ])('%s', (asked, position) => {
    expect(() => sent(asked)).toThrow(
      expect.objectContaining({ code: 'cosmos-query', details: expect.objectContaining({ position }) }),
    );
  });

  test('and says where: the line and the column', () => {
    expect(() => sent('SELECT *\nFROM d\nWHERE c.n = 1')).toThrow(
      "This query cannot be asked: 'c' names nothing that the query is about, at line 3, column 7.",
    );
  });
});

describe('values', () => {
  test.each([
    ['in quotes', sql`SELECT * FROM d WHERE d.a = '${'x'}'`],
    ['in a comment', sql`SELECT * FROM d -- ${'x'}`],
    ['joined to a name', sql`SELECT * FROM d WHERE d.a${'x'}`],
    ['with letters behind', sql`SELECT * FROM d WHERE d.a = ${'x'}b`],
    ['with another number', sql`SELECT * FROM d WHERE d.a IN (${1}, ${2}0)`],
    ['joined to a parameter', sql`SELECT * FROM d WHERE d.a = @value${'x'}`],
    ['undefined', sql`SELECT * FROM d WHERE d.a = ${undefined as never}`],
    ['not a number', sql`SELECT * FROM d WHERE d.a = ${Number.NaN}`],
    ['a date', sql`SELECT * FROM d WHERE d.a = ${new Date() as never}`],
    ['a function', sql`SELECT * FROM d WHERE d.a = ${(() => 1) as never}`],
    ['a bigint', sql`SELECT * FROM d WHERE d.a = ${1n as never}`],
    ['undefined inside', sql`SELECT * FROM d WHERE d.a = ${[undefined] as never}`],
    ['a parameter of the text', sql`SELECT * FROM d WHERE d.a = @value1 AND d.b = ${1}`],
  ])('%s are refused', (_, asked) => {
    expect(() => sent(asked)).toThrow(expect.objectContaining({ code: 'cosmos-query' }));
  });

  test('of a text are those of its parameters, and all are given', () => {
    const text = 'SELECT * FROM d WHERE d.a = @a';
    expect(sent({ text, parameters: { a: 1 } })).toContain('diptych_item.doc.a = @a');
    expect(() => sent({ text })).toThrow("'@a' has no value, at line 1, column 29");
    const own = { text: 'SELECT * FROM d WHERE d.a = @diptych_copy', parameters: { diptych_copy: 'x' } };
    expect(() => sent(own)).toThrow(expect.objectContaining({ code: 'cosmos-query' }));
    const unnamed = { text: 'SELECT * FROM d', parameters: { diptych_tenant: 'other' } };
    expect(() => sent(unnamed)).toThrow(expect.objectContaining({ code: 'cosmos-query' }));
  });

  test('a text is no template', () => {
    expect(() => (sql as unknown as (text: string) => unknown)('SELECT * FROM d')).toThrow(
      expect.objectContaining({ code: 'cosmos-query' }),
    );
    expect(() => readSql('SELECT * FROM d' as never)).toThrow(
      expect.objectContaining({ code: 'cosmos-query' }),
    );
  });
});

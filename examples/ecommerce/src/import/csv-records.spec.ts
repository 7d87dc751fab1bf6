import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, readRecords } from './csv-records.js';

async function recordsOf(text: string): Promise<CsvRecord[]> {
  async function* lines() {
    yield* text.split('\n');
  }
  const records: CsvRecord[] = [];
  for await (const record of readRecords(lines())) records.push(record);
  return records;
}

const short = (records: readonly CsvRecord[]) =>
  records.map((record) =>
    record.kind === 'record' ? record.fields.join('|') : `${record.line}: ${record.reason}`,
  );

describe('CSV records', () => {
  it('reads plain and quoted fields, quotes in quotes, and line breaks inside them', async () => {
    const records = await recordsOf('a,b\n1,plain\n2,"with, comma"\n3,"7"" SINGLE"\n4,"two\nlines"\n5,end');
    expect(short(records)).toEqual([
      'a|b',
      '1|plain',
      '2|with, comma',
      '3|7" SINGLE',
      '4|two\nlines',
      '5|end',
    ]);
    expect(records.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 7]);
  });

  it('takes a byte order mark off and passes empty lines over', async () => {
    expect(short(await recordsOf('\uFEFFa,b\n\n1,2\n\n'))).toEqual(['a|b', '1|2']);
  });

  it('tells the line that has too few or too many columns, and goes on', async () => {
    expect(short(await recordsOf('a,b\n1\n1,2,3\n1,2'))).toEqual([
      'a|b',
      '2: it has 1 columns instead of 2',
      '3: it has 3 columns instead of 2',
      '1|2',
    ]);
  });

  it('a quote left open spoils its own line and no other', async () => {
    expect(short(await recordsOf('a,b\n1,"open\n2,fine\n3,"quoted, too"\n4,"open again\n5,fine'))).toEqual([
      'a|b',
      '2: a quote is not closed',
      '2|fine',
      '3|quoted, too',
      '5: a quote is not closed',
      '5|fine',
    ]);
  });

  it('a quote left open does not pair up with a later one across whole lines', async () => {
    expect(short(await recordsOf('a,b\n1,"open\n2,fine\n3,closed"'))).toEqual([
      'a|b',
      '2: a quote is not closed',
      '2|fine',
      '4: a quote is not closed',
    ]);
  });

  it('a quote left open in the last line is told', async () => {
    expect(short(await recordsOf('a,b\n1,2\n3,"open'))).toEqual(['a|b', '1|2', '3: a quote is not closed']);
  });

  it('tells quotes in the wrong place', async () => {
    expect(short(await recordsOf('a,b\n1,x"y"\n2,"x"y\n3,z'))).toEqual([
      'a|b',
      '2: its quotes are not in order',
      '3: its quotes are not in order',
      '3|z',
    ]);
  });

  it('gives back what was written as CSV, whatever stands in the fields', async () => {
    // A line break and a comma in one field could look like a record of its own: see readRecords.
    const text = (...extra: string[]) =>
      fc.string({ unit: fc.constantFrom('a', '"', ' ', 'é', ...extra), maxLength: 6 });
    const field = fc.oneof(text(','), text('\n'));
    const rows = fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        const quoted = some.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        const records = await recordsOf(['name,text', ...quoted].join('\n'));
        expect(records.slice(1)).toMatchObject(some.map((fields) => ({ fields })));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { ImportProgress } from './import-progress.js';

function output(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) };
}

const unreadable = (invoice: string) =>
  ({
    kind: 'rejected',
    reason: 'unreadable-line',
    message: 'line 7: a quote is not closed',
    invoice,
  }) as const;

describe('import progress', () => {
  it('draws a bar on a terminal, anew only when it has changed', () => {
    const terminal = output(true);
    const progress = new ImportProgress(terminal, 1000);
    for (let invoice = 0; invoice < 500; invoice += 1) progress.add({ kind: 'accepted' });
    progress.end();
    expect(terminal.written).toHaveLength(52);
    expect(terminal.written.at(-2)).toBe(`\r\x1b[K[${'#'.repeat(20)}${'-'.repeat(20)}] 50% 500/1000`);
    expect(terminal.written.at(-1)).toBe('\n');
  });

  it('writes an occasional line elsewhere', () => {
    const log = output(false);
    const progress = new ImportProgress(log, 1000);
    for (let invoice = 0; invoice < 1000; invoice += 1) progress.add({ kind: 'returned' });
    progress.end();
    expect(log.written).toEqual(
      [0, 250, 500, 750, 1000].map((done) => `imported ${done} of 1000 invoices\n`),
    );
  });

  it('names invoices that cannot be read, but not without end', () => {
    const log = output(false);
    const progress = new ImportProgress(log, 100);
    for (let invoice = 0; invoice < 14; invoice += 1) progress.add(unreadable(String(invoice)));
    progress.end();
    expect(log.written).toContain('rejected invoice 0: line 7: a quote is not closed\n');
    expect(log.written.filter((line) => line.startsWith('rejected'))).toHaveLength(10);
    expect(log.written.at(-1)).toBe('… and 4 more invoices that cannot be read\n');
  });

  it('lets no text of the file steer the terminal', () => {
    const log = output(false);
    new ImportProgress(log, 1).add(unreadable('\x1b[2J1'));
    expect(log.written).toContain('rejected invoice ?[2J1: line 7: a quote is not closed\n');
  });

  it('has nothing to divide when the file holds no invoices', () => {
    const log = output(false);
    new ImportProgress(log, 0).end();
    expect(log.written).toEqual(['imported 0 of 0 invoices\n']);
  });
});

import { describe, expect, test } from 'vitest';
import { supportMatrix, supportTable } from './support-table.mjs';

const contract = (port, adapter) => ({ contract: { port, adapter } });
const ran = (port, adapter, state = 'passed') => ({ state, meta: contract(port, adapter) });

describe('support matrix', () => {
  test('has ports as rows and adapters as columns', () => {
    const table = supportTable(
      supportMatrix([
        ran('journal', 'memory'),
        ran('journal', 'memory'),
        ran('journal', 'sqlite', 'failed'),
        ran('transport', 'memory'),
      ]),
    );
    expect(table).toBe(
      [
        'port       memory    sqlite',
        '---------  --------  ------------------',
        'journal    2 passed  0 passed, 1 FAILED',
        'transport  1 passed',
      ].join('\n'),
    );
  });

  test('says nothing of a suite that does not exist', () => {
    expect(supportTable(supportMatrix([ran('journal', 'memory')]))).not.toContain('transport');
    expect(supportTable(supportMatrix([{ state: 'passed', meta: {} }]))).toBe('');
  });

  test('gives the reason of a suite that was not run, with or without tests in it', () => {
    const meta = { ...contract('journal', 'sql'), notRun: 'DIPTYCH_MSSQL_URL is not set' };
    for (const tests of [[], [{ state: 'skipped', meta }]]) {
      const matrix = supportMatrix(tests, [meta]);
      expect(matrix.cells.journal.sql).toEqual({
        passed: 0,
        failed: 0,
        skipped: 0,
        notRun: 'DIPTYCH_MSSQL_URL is not set',
      });
      expect(supportTable(matrix)).toContain('not run: DIPTYCH_MSSQL_URL is not set');
    }
  });

  test('never shows a suite whose tests were all skipped as run', () => {
    expect(supportTable(supportMatrix([ran('journal', 'sql', 'skipped')]))).toContain(
      'not run: all of its tests were skipped',
    );
  });

  test('lists what an adapter does not offer once, with the reason', () => {
    const capability = { name: 'conditional writes', reason: 'the service has none' };
    const meta = { ...contract('read-model-store', 'search'), capability };
    const { cells, missing } = supportMatrix([
      { state: 'passed', meta },
      { state: 'passed', meta },
    ]);
    expect(missing).toEqual([{ port: 'read-model-store', adapter: 'search', ...capability }]);
    expect(supportTable({ cells, missing })).toContain(
      'search / read-model-store: conditional writes (the service has none)',
    );
  });
});

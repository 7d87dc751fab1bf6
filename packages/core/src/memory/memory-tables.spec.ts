import { memoryDatabase } from '@diptych/core/memory';
import { describe, expect, test } from 'vitest';

interface Row {
  readonly id: string;
  count: number;
}

const timing = { timeLimitInMs: 60_000 };

describe('a table of the memory store', () => {
  const setUp = async () => {
    const { writeStore } = memoryDatabase();
    const committed = () => writeStore.tables.table<Row>('rows');
    const begun = await writeStore.begin(timing);
    const table = begun.native.table<Row>('rows');
    return { writeStore, committed, begun, table };
  };

  test('shows a transaction its own changes, and nobody else until the commit', async () => {
    const { writeStore, committed, begun, table } = await setUp();
    table.put('a', { id: 'a', count: 1 });
    table.put('b', { id: 'b', count: 2 });
    table.delete('a');
    expect([table.get('a'), table.get('b'), table.all()]).toEqual([
      undefined,
      { id: 'b', count: 2 },
      [{ id: 'b', count: 2 }],
    ]);
    expect(committed().all()).toEqual([]);
    await begun.commit({ entries: [] });
    expect(committed().all()).toEqual([{ id: 'b', count: 2 }]);

    const next = await writeStore.begin(timing);
    next.native.table<Row>('rows').delete('b');
    expect(committed().get('b')).toBeDefined();
    await next.commit({ entries: [] });
    expect(committed().get('b')).toBeUndefined();
  });

  test('copies rows on their way in and out: no change leaks', async () => {
    const { committed, begun, table } = await setUp();
    const row = { id: 'a', count: 1 };
    table.put('a', row);
    row.count = 2;
    (table.get('a') as Row).count = 3;
    (table.all()[0] as Row).count = 4;
    await begun.commit({ entries: [] });
    (committed().get('a') as Row).count = 5;
    expect(committed().get('a')).toEqual({ id: 'a', count: 1 });
  });

  test('keeps tables of one database apart, by any name', async () => {
    const { writeStore, begun, table } = await setUp();
    table.put('a', { id: 'a', count: 1 });
    begun.native.table<string>('__proto__').put('a', 'other');
    await begun.commit({ entries: [] });
    expect(writeStore.tables.table('__proto__').all()).toEqual(['other']);
    expect(writeStore.tables.table('rows').all()).toHaveLength(1);
  });

  test('is not written after the transaction, nor outside one', async () => {
    const { committed, begun, table } = await setUp();
    await begun.rollback();
    expect(() => table.put('a', { id: 'a', count: 1 })).toThrow(
      expect.objectContaining({ code: 'session-over' }),
    );
    expect(() => committed().put('a', { id: 'a', count: 1 })).toThrow(/write in a transaction/);
  });
});

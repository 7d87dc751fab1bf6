import { positionAt } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { historyIn, type ServerHistory, withEarlier } from '../server-history.js';
import { type Evidence, evidenceText, isWhole, lastWhole, nextEvidence, readEvidence } from './evidence.js';

const at = (row: number) => ({ position: positionAt(row, 0), entryId: `entry-${row}` });

function server(id: string, offset: number, ...before: ServerHistory['before']): ServerHistory {
  return { id, offset, before };
}

/** The evidence beside the last of so many checkpoints, each of which wrote some bytes to each server. */
function evidenceOf(checkpoints: number, ids: readonly string[], bytes = 1_000_000): Evidence {
  let evidence: Evidence | undefined;
  for (let row = 1; row <= checkpoints; row++) {
    const now = ids.map((id) => server(id, row * bytes));
    const previous = evidence && { checkpoint: at(row - 1), evidence };
    evidence = nextEvidence('copy', now, previous, at(row));
  }
  return evidence!;
}

describe('the evidence beside a checkpoint', () => {
  test('is whole as long as servers are the same, or others have gone on from behind it', () => {
    const evidence = evidenceOf(3, ['one', 'two']);
    expect(isWhole(evidence, [server('two', 3_000_000), server('one', 9_000_000)])).toBe(true);
    expect(
      isWhole(evidence, [
        server('one', 9_000_000),
        server('new', 3_500_000, { id: 'two', offset: 3_000_000 }),
      ]),
    ).toBe(true);
    expect(
      isWhole(evidence, [
        server('one', 9_000_000),
        server('new', 3_500_000, { id: 'two', offset: 2_990_000 }),
      ]),
    ).toBe(false);
    expect(isWhole(evidence, [server('one', 9_000_000)])).toBe(false);
    expect(isWhole(evidence, [server('one', 9_000_000), server('other', 9_000_000)])).toBe(false);
  });

  test('leads back to the newest earlier checkpoint that is whole on every server', () => {
    const evidence = evidenceOf(5, ['one', 'two']);
    const lost = [
      server('one+', 6_000_000, { id: 'one', offset: 4_500_000 }),
      server('two+', 6_000_000, { id: 'two', offset: 2_100_000 }),
    ];
    const back = lastWhole(evidence, lost)!;
    expect(back).toMatchObject(at(2));
    const its = readEvidence(back.evidence)!;
    expect(isWhole(its, lost)).toBe(true);
    expect(its.earlier.map(({ entryId }) => entryId)).toEqual(['entry-1']);
    expect(
      lastWhole(its, [lost[0]!, server('two++', 10_000, { id: 'two+', offset: 1_000_000 })]),
    ).toMatchObject(at(1));
    expect(lastWhole(evidence, [server('empty', 10_000)])).toBeUndefined();
  });

  test('goes on over a change of servers that lost nothing', () => {
    const before = evidenceOf(3, ['one']);
    const now = [server('next', 4_500_000, { id: 'one', offset: 3_200_000 })];
    const after = nextEvidence('copy', now, { checkpoint: at(3), evidence: before }, at(4));
    const later = [server('last', 5_000_000, { id: 'next', offset: 3_100_000 })];
    expect(lastWhole(after, later)).toMatchObject(at(3));
    expect(lastWhole(after, [server('last', 5_000_000, { id: 'next', offset: 2_990_000 })])).toMatchObject(
      at(2),
    );
  });

  test('says nothing of a server that came later: when that one is replaced, nothing earlier is sure', () => {
    const before = evidenceOf(3, ['one']);
    const now = [server('one', 4_000_000), server('two', 500_000)];
    const after = nextEvidence('copy', now, { checkpoint: at(3), evidence: before }, at(4));
    expect(
      lastWhole(after, [server('one', 4_000_000), server('two+', 600_000, { id: 'two', offset: 400_000 })]),
    ).toBeUndefined();
    expect(
      lastWhole(after, [server('one+', 4_000_000, { id: 'one', offset: 3_000_000 }), server('two', 600_000)]),
    ).toMatchObject(at(3));
  });

  test.each([1, 3, 8])(
    'of %i servers stays about a kilobyte, and knows recent checkpoints and old ones',
    (count) => {
      const ids = Array.from({ length: count }, (_, one) => `server-${one}-of-some`.slice(0, 16));
      const evidence = evidenceOf(2_000, ids, 1_234_567);
      expect(evidenceText(evidence).length).toBeLessThan(1_000 + count * 40);
      const rows = evidence.earlier.map(({ entryId }) => Number(entryId.slice(6)));
      expect(rows[0]).toBe(1_999);
      expect(rows.at(-1)).toBeLessThan(500);
      expect(rows).toEqual([...rows].sort((one, other) => other - one));
    },
  );

  test('knows no two checkpoints that lie close together, and one from before all it has lost', () => {
    const evidence = evidenceOf(1_000, ['one', 'two'], 10_001);
    const offsets = evidence.earlier.map((one) => one.offsets[0]!);
    expect(offsets.length).toBeGreaterThan(5);
    for (const [at, offset] of offsets.entries()) {
      if (at > 0) expect(offsets[at - 1]! - offset).toBeGreaterThanOrEqual(1_000_000);
    }
    const lost = [server('one+', 0, { id: 'one', offset: 9_000_000 }), server('two', 20_000_000)];
    const back = lastWhole(evidence, lost)!;
    expect(Number(back.entryId.slice(6)) * 10_001).toBeGreaterThan(6_000_000);
    expect(Number(back.entryId.slice(6)) * 10_001).toBeLessThanOrEqual(9_000_000);
  });

  test('that is none of ours is none', () => {
    for (const text of [undefined, '', 'a session token', '{}', '[1'])
      expect(readEvidence(text)).toBeUndefined();
  });
});

describe('what a server says of its history', () => {
  const info = (lines: Readonly<Record<string, string | number>>) =>
    Object.entries(lines)
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join('');
  const [one, two] = ['1'.repeat(40), '2'.repeat(40)];

  test('is its id, its offset, and that of the one before, up to where it goes', () => {
    const none = {
      master_replid: one,
      master_repl_offset: 7,
      master_replid2: '0'.repeat(40),
      second_repl_offset: -1,
    };
    expect(historyIn(info(none))).toEqual({ id: '1'.repeat(16), offset: 7, before: [] });
    const some = { ...none, master_replid2: two, second_repl_offset: 5 };
    expect(historyIn(info(some))!.before).toEqual([{ id: '2'.repeat(16), offset: 4 }]);
    expect(historyIn('role:master')).toBeUndefined();
  });

  test('goes back over several changes as long as somebody looked between them', () => {
    const second = server('b', 50, { id: 'a', offset: 40 });
    const third = withEarlier(server('c', 60, { id: 'b', offset: 30 }), [second]);
    expect(third.before).toEqual([
      { id: 'b', offset: 30 },
      { id: 'a', offset: 30 },
    ]);
  });
});

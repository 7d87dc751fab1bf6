import { positionAt } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { historyIn, type ServerHistory, withEarlier } from '../server-history.js';
import { type Evidence, evidenceText, isWhole, lastWhole, nextEvidence, readEvidence } from './evidence.js';

const at = (row: number) => ({ position: positionAt(row, 0), entryId: `entry-${row}` });

function server(id: string, offset: number, ...before: ServerHistory['before']): ServerHistory {
  return { id, offset, before };
}

/** The evidence beside the last of so many checkpoints, each of which wrote some bytes to each server. */
function evidenceOf(checkpoints: number, ids: readonly string[], bytes = 100): Evidence {
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
    expect(isWhole(evidence, [server('two', 300), server('one', 900)])).toBe(true);
    expect(isWhole(evidence, [server('one', 900), server('new', 350, { id: 'two', offset: 300 })])).toBe(
      true,
    );
    expect(isWhole(evidence, [server('one', 900), server('new', 350, { id: 'two', offset: 299 })])).toBe(
      false,
    );
    expect(isWhole(evidence, [server('one', 900)])).toBe(false);
    expect(isWhole(evidence, [server('one', 900), server('other', 900)])).toBe(false);
  });

  test('leads back to the newest earlier checkpoint that is whole on every server', () => {
    const evidence = evidenceOf(5, ['one', 'two']);
    const lost = [
      server('one+', 600, { id: 'one', offset: 450 }),
      server('two+', 600, { id: 'two', offset: 210 }),
    ];
    const back = lastWhole(evidence, lost)!;
    expect(back).toMatchObject(at(2));
    const its = readEvidence(back.evidence)!;
    expect(isWhole(its, lost)).toBe(true);
    expect(its.earlier.map(({ entryId }) => entryId)).toEqual(['entry-1']);
    expect(lastWhole(its, [lost[0]!, server('two++', 1, { id: 'two+', offset: 100 })])).toMatchObject(at(1));
    expect(lastWhole(evidence, [server('empty', 1)])).toBeUndefined();
  });

  test('goes on over a change of servers that lost nothing', () => {
    const before = evidenceOf(3, ['one']);
    const now = [server('next', 450, { id: 'one', offset: 320 })];
    const after = nextEvidence('copy', now, { checkpoint: at(3), evidence: before }, at(4));
    const later = [server('last', 500, { id: 'next', offset: 310 })];
    expect(lastWhole(after, later)).toMatchObject(at(3));
    expect(lastWhole(after, [server('last', 500, { id: 'next', offset: 299 })])).toMatchObject(at(2));
  });

  test('says nothing of a server that came later: when that one is replaced, nothing earlier is sure', () => {
    const before = evidenceOf(3, ['one']);
    const now = [server('one', 400), server('two', 50)];
    const after = nextEvidence('copy', now, { checkpoint: at(3), evidence: before }, at(4));
    expect(
      lastWhole(after, [server('one', 400), server('two+', 60, { id: 'two', offset: 40 })]),
    ).toBeUndefined();
    expect(
      lastWhole(after, [server('one+', 400, { id: 'one', offset: 300 }), server('two', 60)]),
    ).toMatchObject(at(3));
  });

  test.each([1, 3, 8])(
    'of %i servers stays about a kilobyte, and knows recent checkpoints and old ones',
    (count) => {
      const ids = Array.from({ length: count }, (_, one) => `server-${one}-of-some`.slice(0, 16));
      const evidence = evidenceOf(2_000, ids, 1_234);
      expect(evidenceText(evidence).length).toBeLessThan(1_000 + count * 40);
      const rows = evidence.earlier.map(({ entryId }) => Number(entryId.slice(6)));
      expect(rows[0]).toBe(1_999);
      expect(rows.at(-1)).toBeLessThan(500);
      expect(rows).toEqual([...rows].sort((one, other) => other - one));
    },
  );

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

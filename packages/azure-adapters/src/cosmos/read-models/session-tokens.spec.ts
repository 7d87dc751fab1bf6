import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, mergedSessions, readSession, sessionText } from './session-tokens.js';

const token = fc
  .uniqueArray(fc.tuple(fc.nat(5), fc.nat(3), fc.nat(100)), { selector: ([range]) => range })
  .map((parts) => parts.map(([range, version, lsn]) => `${range}:${version}#${lsn}#1=${lsn}`).join());

describe('session tokens', () => {
  test('come back as the service gave them', () => {
    for (const text of ['0:-1#5', '0:1#12#1=7#2=3,17:2#4#1=4', '']) {
      expect(sessionText(readSession(text))).toBe(text);
    }
  });

  test('what is merged is as far as each of them, and no further', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 4 }), (texts) => {
        const all = texts.map(readSession);
        const merged = mergedSessions(all);
        for (const one of all) expect(covers(merged, one, 'all')).toBe(true);
        for (const [range, { lsn }] of merged)
          expect(Math.max(...all.map((one) => one.get(range)?.lsn ?? -1))).toBe(lsn);
      }),
    );
  });

  test('a range that is not known covers nothing, but where only the known ones count', () => {
    const [have, need] = [readSession('0:-1#5'), readSession('0:-1#5,1:-1#1')];
    expect(covers(have, need, 'known')).toBe(true);
    expect(covers(have, need, 'all')).toBe(false);
    expect(covers(readSession('0:-1#4'), need, 'known')).toBe(false);
  });

  test('what is no token says nothing', () => {
    expect(readSession('nonsense').size).toBe(0);
  });
});

/** How far one range of partition keys was that answered: `version#lsn#region=lsn…`, as the service tells it. */
interface RangeToken {
  readonly version: number;
  readonly lsn: number;
  /** What follows. */
  readonly regions: string;
}

/** How far a container was, by the range of partition keys. */
export type SessionTokens = ReadonlyMap<string, RangeToken>;

export function readSession(text: string): SessionTokens {
  const tokens = new Map<string, RangeToken>();
  for (const part of text.split(',')) {
    const [, range, version, lsn, regions] = /^([^:]+):(-?\d+)#(\d+)(.*)$/.exec(part.trim()) ?? [];
    if (range !== undefined)
      tokens.set(range, { version: Number(version), lsn: Number(lsn), regions: regions! });
  }
  return tokens;
}

export function sessionText(tokens: SessionTokens): string {
  return [...tokens]
    .map(([range, { version, lsn, regions }]) => `${range}:${version}#${lsn}${regions}`)
    .join();
}

/** What is at least as far as each of them. */
export function mergedSessions(all: readonly SessionTokens[]): SessionTokens {
  const merged = new Map<string, RangeToken>();
  for (const tokens of all) {
    for (const [range, token] of tokens) {
      const before = merged.get(range);
      merged.set(range, before === undefined ? token : laterOf(before, token));
    }
  }
  return merged;
}

/** Versions count how often the replicas of a range were put together anew; the highest one knows its regions. */
function laterOf(one: RangeToken, other: RangeToken): RangeToken {
  const isOther = other.version > one.version || (other.version === one.version && other.lsn > one.lsn);
  const { version, regions } = isOther ? other : one;
  return { version, lsn: Math.max(one.lsn, other.lsn), regions };
}

/** Whether who has come so far has all that the others have, in the ranges that it knows, or in all. */
export function covers(have: SessionTokens, need: SessionTokens, ranges: 'known' | 'all'): boolean {
  return [...need].every(([range, { lsn }]) => {
    const own = have.get(range);
    return own === undefined ? ranges === 'known' : own.lsn >= lsn;
  });
}

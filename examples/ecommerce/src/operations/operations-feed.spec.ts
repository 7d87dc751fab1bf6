import { FakeClock } from '@diptych/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { OperationsFeed } from './operations-feed.js';

let clock: FakeClock;
let taken: number;
let feed: OperationsFeed<number>;

beforeEach(() => {
  clock = new FakeClock();
  taken = 0;
  feed = new OperationsFeed({
    clock,
    take: async () => {
      taken += 1;
      return taken;
    },
  });
});

function watcher() {
  const gone = new AbortController();
  const seen: number[] = [];
  const ended = (async () => {
    for await (const snapshot of feed.watch(gone.signal)) seen.push(snapshot);
  })();
  return { seen, ended, leave: () => gone.abort() };
}

describe('the feed of snapshots', () => {
  it('takes one each second for all who watch', async () => {
    const [one, other] = [watcher(), watcher()];
    await clock.advance(2_000);
    expect([one.seen, other.seen]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    one.leave();
    other.leave();
  });

  it('gives one at once when something was changed', async () => {
    const one = watcher();
    await clock.advance(100);
    feed.hurry();
    await clock.advance(100);
    expect(one.seen).toEqual([1, 2]);
    one.leave();
  });

  it('ends at once for one who leaves, and takes none when nobody watches', async () => {
    const one = watcher();
    await clock.advance(100);
    one.leave();
    await one.ended;
    await clock.advance(60_000);
    expect(taken).toBe(1);
  });

  it('gives one who comes later a new one', async () => {
    const one = watcher();
    await clock.advance(100);
    one.leave();
    await clock.advance(60_000);
    const other = watcher();
    await clock.advance(100);
    expect(other.seen).toEqual([2]);
    other.leave();
  });
});

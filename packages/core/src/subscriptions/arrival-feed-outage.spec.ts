import { FakeClock, standIn } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { positionAt } from '../partitions/position.js';
import type { PartitionSession, TopicSubscription } from '../transports/transport.js';
import { ArrivalFeed } from './arrival-feed.js';
import { JournalFeed } from './feed.js';
import { PartitionRun } from './partition-run.js';
import type { SubscriptionNotice } from './subscription-notice.js';
import type { SubscriptionStore } from './subscription-store.js';

const pollInMs = 1_000;
const limits = { maxEvents: 10, maxBytes: 1_000_000 };
const entryIn = (partition: number) => ({ partition, position: positionAt(1, 0), data: '{}' }) as never;

/** A session that has one entry, as long as nobody settles it. */
const sessionOf = (partition: number): PartitionSession => ({
  partition,
  renewEveryMs: 60_000,
  receive: async () => [{ message: { id: '1', entry: entryIn(partition), previous: undefined }, attempt: 1 }],
  settle: async () => {},
  abandon: async () => {},
  renew: async () => true,
  close: async () => {},
});

interface Services {
  /** What the broker answers to whoever asks for a partition. */
  accept: TopicSubscription['accept'];
  read: JournalReader['read'];
  seize: SubscriptionStore['seize'];
}

/** A feed of two partitions over services that a test may break: the broker gives one session, the journal the rest. */
function fixture() {
  const clock = new FakeClock();
  const services: Services = {
    accept: async (partition) => (partition === 0 ? sessionOf(0) : undefined),
    read: async (from) =>
      from.map(({ partition }) => ({ partition, entries: [entryIn(partition)], caughtUp: true })),
    seize: async ({ subscription, partition, owner }) => ({
      ...{ subscription, partition, owner, epoch: 2 },
      checkpoint: undefined,
    }),
  };
  const arrivals: TopicSubscription = {
    accept: (partition) => services.accept(partition),
    onArrival: () => () => {},
    close: async () => {},
  };
  const reader = standIn({} as JournalReader, { read: (...of) => services.read(...of) });
  const store = standIn({} as SubscriptionStore, { seize: (...of) => services.seize(...of) });
  const notices: SubscriptionNotice[] = [];
  const feed = new ArrivalFeed(arrivals, new JournalFeed(reader, limits), {
    ...{ subscription: 's', store, clock, owner: 'one', leaseInMs: 30_000, pollInMs, limits },
    observe: (notice) => notices.push(notice),
  });
  const runs = [0, 1].map((partition) => {
    const ownership = { subscription: 's', partition, owner: 'one', epoch: 1 };
    const run = new PartitionRun({ ...ownership, checkpoint: undefined }, {});
    run.isPrepared = true;
    return run;
  });
  const next = async () => {
    const found = await feed.next(runs);
    return runs.map((run) => found.get(run)?.length ?? 'unknown');
  };
  const nextPoll = async () => {
    await clock.advance(pollInMs);
    return next();
  };
  return { clock, services, feed, runs, next, nextPoll, notices };
}

describe('while the journal cannot be read', () => {
  const isDown = () => Promise.reject(new UnavailableError('The database is away.'));

  test('promise 2: what sessions brought is given all the same, and the rest comes when it can be read', async () => {
    const { services, next } = fixture();
    const { read } = services;
    services.read = isDown;
    expect(await next()).toEqual([1, 'unknown']);
    services.read = read;
    expect(await next()).toEqual([1, 1]);
  });

  test('and no session brings anything, that is said', async () => {
    const { services, next } = fixture();
    services.read = isDown;
    services.accept = async () => undefined;
    await expect(next()).rejects.toThrow('The database is away.');
  });
});

describe('while no session can be opened', () => {
  const error = new UnavailableError('The broker is away.');
  const isDown = () => Promise.reject(error);
  const paused = { subscription: 's', kind: 'arrivals-paused', error };
  const resumed = { subscription: 's', kind: 'arrivals-resumed' };

  test('that is said once, and once more when all of them can: the journal hides it', async () => {
    const { services, next, nextPoll, notices } = fixture();
    services.accept = isDown;
    expect(await next()).toEqual([1, 1]);
    await nextPoll();
    expect(notices).toEqual([paused]);
    services.accept = (partition) => (partition === 0 ? isDown() : Promise.resolve(sessionOf(partition)));
    await nextPoll();
    expect(notices).toEqual([paused]);
    services.accept = async (partition) => sessionOf(partition);
    await nextPoll();
    await nextPoll();
    expect(notices).toEqual([paused, resumed]);
  });

  test('because the store does not let partitions be seized, that is said too', async () => {
    const { services, next, notices } = fixture();
    services.seize = isDown;
    await next();
    expect(notices).toEqual([paused]);
  });

  test('or each is lost before it brings anything, that is said too', async () => {
    const { services, next, nextPoll, notices } = fixture();
    services.accept = async (partition) => ({ ...sessionOf(partition), receive: isDown });
    await next();
    await nextPoll();
    expect(notices).toEqual([paused]);
  });

  test('and the broker says so late, that is said then', async () => {
    const { services, nextPoll, next, notices, clock } = fixture();
    let refuse = () => {};
    services.accept = () =>
      new Promise((_resolve, reject) => {
        refuse = () => reject(error);
      });
    const found = next();
    await clock.advance(200);
    await found;
    refuse();
    await nextPoll();
    expect(notices).toEqual([paused]);
  });

  test('a session in other hands, or one lost that has worked, is not worth a word', async () => {
    const { services, next, nextPoll, notices } = fixture();
    let isLost = false;
    const receive = async () => (isLost ? isDown() : []);
    services.accept = async (partition) => (partition === 0 ? { ...sessionOf(0), receive } : undefined);
    await next();
    isLost = true;
    await next();
    isLost = false;
    await nextPoll();
    expect(notices).toEqual([]);
  });

  test('partitions that went to others do not count any more', async () => {
    const { services, next, nextPoll, notices, feed, runs } = fixture();
    services.accept = (partition) => (partition === 0 ? isDown() : Promise.resolve(sessionOf(partition)));
    await next();
    await feed.left([runs.shift()!]);
    expect(notices).toEqual([paused]);
    await nextPoll();
    expect(notices).toEqual([paused, resumed]);
  });
});

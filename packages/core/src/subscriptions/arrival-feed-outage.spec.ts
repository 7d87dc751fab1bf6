import { FakeClock, standIn } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { positionAt } from '../partitions/position.js';
import type { PartitionSession, TopicSubscription } from '../transports/transport.js';
import { ArrivalFeed } from './arrival-feed.js';
import { JournalFeed } from './feed.js';
import { PartitionRun } from './partition-run.js';
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
  const feed = new ArrivalFeed(arrivals, new JournalFeed(reader, limits), {
    ...{ store, clock, owner: 'one', leaseInMs: 30_000, pollInMs, limits },
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
  return { clock, services, feed, runs, next };
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

import {
  type Checkpoint,
  type NewParkedMessage,
  type Ownership,
  type Position,
  positionAt,
  type SubscriptionStore,
} from '@diptych/core';
import { expect } from 'vitest';
import { type ContractFactory, type ContractSubject, type ContractSuite, contract } from './contract.js';

export interface SubscriptionStoreSubject extends ContractSubject {
  readonly store: SubscriptionStore;
  /** Moves the store's clock on by at least that much; a store with a real clock waits. */
  advanceTime(ms: number): Promise<void>;
}

export type SubscriptionStoreFactory = ContractFactory<SubscriptionStoreSubject>;
type Suite = ContractSuite<SubscriptionStoreSubject>;

const subscription = 'orders/v1';
const leaseInMs = 400;

const at = (row: number): Position => positionAt(row, 0);
const checkpointAt = (row: number): Checkpoint => ({ position: at(row), entryId: `entry-${row}` });
const failing = (delayInMs: number | undefined, attempts = 1) => ({
  code: 'broken',
  message: 'It broke.',
  attempts,
  delayInMs,
});

function message(key: string, row: number, failure?: NewParkedMessage['failure']): NewParkedMessage {
  return { key, position: at(row), messageId: `entry-${row}`, name: 'shop.OrderPlaced', failure };
}

async function own(store: SubscriptionStore, owner = 'a', partition = 0): Promise<Ownership> {
  const { owned } = await store.acquire({ subscription, partitions: [partition], owner, leaseInMs });
  expect(owned).toHaveLength(1);
  return owned[0]!;
}

const addressOf = (key: string, row: number, partition = 0) => ({
  subscription,
  partition,
  key,
  position: at(row),
});

/** What `SubscriptionStore` means. */
export function subscriptionStoreContract(adapter: string, factory: SubscriptionStoreFactory): void {
  contract('subscription store', adapter, factory, (suite) => {
    leases(suite);
    fencing(suite);
    checkpoints(suite);
    parking(suite);
    operators(suite);
  });
}

function leases({ test }: Suite): void {
  test('soleOwnerTakesAll: an owner alone gets every partition, and renews under the same epoch', async ({
    store,
  }) => {
    const request = { subscription, partitions: [0, 1, 2], owner: 'a', leaseInMs };
    const first = await store.acquire(request);
    const second = await store.acquire(request);
    expect(first.owned.map(({ partition }) => partition).sort()).toEqual([0, 1, 2]);
    expect(first.owners).toBe(1);
    expect(second.owned.map(({ epoch }) => epoch)).toEqual(first.owned.map(({ epoch }) => epoch));
  });

  test('noSteal: a partition whose lease runs is not given to another', async ({ store }) => {
    await own(store, 'a');
    const { owned } = await store.acquire({ subscription, partitions: [0], owner: 'b', leaseInMs });
    expect(owned).toEqual([]);
  });

  test('stealAfterTimeout: a lease that is over is taken, under a higher epoch', async ({
    store,
    advanceTime,
  }) => {
    const old = await own(store, 'a');
    await advanceTime(leaseInMs + 1);
    const taken = await own(store, 'b');
    expect(taken.epoch).toBeGreaterThan(old.epoch);
  });

  test('renewal: a lease that is renewed does not end', async ({ store, advanceTime }) => {
    await own(store, 'a');
    await advanceTime(leaseInMs / 2);
    await own(store, 'a');
    await advanceTime(leaseInMs * 0.6);
    const { owned } = await store.acquire({ subscription, partitions: [0], owner: 'b', leaseInMs });
    expect(owned).toEqual([]);
  });

  test('releaseFrees: what is given back can be taken at once, with the checkpoint', async ({ store }) => {
    const first = await own(store, 'a');
    await store.advance([{ ownership: first, checkpoint: checkpointAt(3) }]);
    await store.release([first]);
    const { owned } = await store.acquire({ subscription, partitions: [0], owner: 'b', leaseInMs });
    expect(owned).toMatchObject([{ owner: 'b', checkpoint: checkpointAt(3) }]);
    expect(owned[0]!.epoch).toBeGreaterThan(first.epoch);
  });

  test('releaseOfAStranger: a stale ownership releases nothing', async ({ store }) => {
    const stale = await own(store, 'a');
    await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    await store.release([stale]);
    expect((await store.state(subscription))[0]).toMatchObject({ owner: 'b' });
  });

  test('seize: takes a partition whose lease runs, under a higher epoch', async ({ store }) => {
    const old = await own(store, 'a');
    const seized = await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    expect(seized.epoch).toBeGreaterThan(old.epoch);
    expect(await store.advance([{ ownership: old, checkpoint: checkpointAt(1) }])).toEqual(['fenced']);
  });

  test('seizeOwn: an owner that seizes its own partition gets a higher epoch too', async ({ store }) => {
    const old = await own(store, 'a');
    const seized = await store.seize({ subscription, partition: 0, owner: 'a', leaseInMs });
    expect(seized.epoch).toBeGreaterThan(old.epoch);
    expect(await store.advance([{ ownership: old, checkpoint: checkpointAt(1) }])).toEqual(['fenced']);
  });

  test('most: an owner takes no more than that, and keeps what it holds', async ({ store }) => {
    const request = { subscription, partitions: [0, 1, 2, 3], owner: 'a', leaseInMs };
    expect((await store.acquire({ ...request, most: 2 })).owned).toHaveLength(2);
    expect((await store.acquire({ ...request, most: 1 })).owned).toHaveLength(2);
  });

  test('fairShare: owners that asked within their lease time are counted, others are not', async ({
    store,
    advanceTime,
  }) => {
    const request = { subscription, partitions: [0], leaseInMs };
    await store.acquire({ ...request, owner: 'a' });
    expect((await store.acquire({ ...request, owner: 'b' })).owners).toBe(2);
    await advanceTime(leaseInMs + 1);
    expect((await store.acquire({ ...request, owner: 'b' })).owners).toBe(1);
  });

  test('gracefulHandOver: an owner that gave everything back is not counted', async ({ store }) => {
    const ownership = await own(store, 'a');
    await store.release([ownership]);
    expect((await store.acquire({ subscription, partitions: [0], owner: 'b', leaseInMs })).owners).toBe(1);
  });

  test('concurrentClaimOneWins: of owners that ask at the same time, one gets the partition', async ({
    store,
  }) => {
    const owners = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(
      owners.map((owner) => store.acquire({ subscription, partitions: [0], owner, leaseInMs })),
    );
    expect(answers.flatMap(({ owned }) => owned)).toHaveLength(1);
  });

  test('subscriptionsApart: the leases of one subscription are nothing to another', async ({ store }) => {
    await own(store, 'a');
    const { owned, owners } = await store.acquire({
      subscription: 'other/v1',
      partitions: [0],
      owner: 'b',
      leaseInMs,
    });
    expect(owned).toHaveLength(1);
    expect(owners).toBe(1);
  });
}

function fencing({ test }: Suite): void {
  test('zombieCannotWrite: whoever lost the partition can move, park and settle nothing', async ({
    store,
  }) => {
    const zombie = await own(store, 'a');
    await store.park(zombie, [message('k', 1, failing(undefined))]);
    const owner = await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    expect(await store.advance([{ ownership: zombie, checkpoint: checkpointAt(9) }])).toEqual(['fenced']);
    expect(await store.rewind(zombie, checkpointAt(9))).toBe('fenced');
    expect(await store.park(zombie, [message('k', 2)])).toBe('fenced');
    expect(await store.settleParked(zombie, 'k', at(1))).toBe('fenced');
    expect(await store.discardParked(zombie, 'k', at(1))).toBe('fenced');
    expect(await store.failParked(zombie, 'k', at(1), failing(0))).toBe('fenced');
    expect(await store.ready(zombie, 10)).toEqual([]);
    expect(await store.gatedKeys(zombie)).toBe('fenced');
    expect(await store.nextDueInMs(zombie)).toBeUndefined();
    expect(await store.discarded(subscription)).toEqual([]);
    expect(await store.listParked({ subscription })).toMatchObject([{ position: at(1), state: 'held' }]);
    expect((await store.state(subscription))[0]).toMatchObject({
      owner: 'b',
      epoch: owner.epoch,
      checkpoint: undefined,
    });
  });

  test('releasedIsFenced: after giving a partition back, its old owner cannot write', async ({ store }) => {
    const ownership = await own(store, 'a');
    await store.release([ownership]);
    expect(await store.advance([{ ownership, checkpoint: checkpointAt(1) }])).toEqual(['fenced']);
  });

  test('lateButAlone: a lease that is over fences nobody until another one takes the partition', async ({
    store,
    advanceTime,
  }) => {
    const ownership = await own(store, 'a');
    await advanceTime(leaseInMs + 1);
    expect(await store.advance([{ ownership, checkpoint: checkpointAt(1) }])).toEqual(['advanced']);
  });
}

function checkpoints({ test }: Suite): void {
  test('checkpointPersists: the next owner gets the checkpoint of the last', async ({ store }) => {
    const ownership = await own(store);
    await store.advance([{ ownership, checkpoint: checkpointAt(7) }]);
    const next = await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    expect(next.checkpoint).toEqual(checkpointAt(7));
  });

  test('forwardOnly: a checkpoint never goes back', async ({ store }) => {
    const ownership = await own(store);
    await store.advance([{ ownership, checkpoint: checkpointAt(7) }]);
    expect(await store.advance([{ ownership, checkpoint: checkpointAt(5) }])).toEqual(['advanced']);
    expect((await store.state(subscription))[0]!.checkpoint).toEqual(checkpointAt(7));
  });

  test('evidenceStays: what a store gave to be kept beside a checkpoint comes back with it, and is renewed', async ({
    store,
  }) => {
    const ownership = await own(store);
    const evidence = '0:-1#42,1:-1#7 {"ü": "\\"}';
    await store.advance([{ ownership, checkpoint: { ...checkpointAt(7), evidence } }]);
    expect((await store.state(subscription))[0]!.checkpoint).toEqual({ ...checkpointAt(7), evidence });
    const renewed = { ...checkpointAt(7), evidence: 'renewed' };
    await store.advance([{ ownership, checkpoint: renewed }]);
    const { owned } = await store.acquire({ subscription, partitions: [0], owner: 'a', leaseInMs });
    expect(owned[0]!.checkpoint).toEqual(renewed);
    await store.advance([{ ownership, checkpoint: checkpointAt(8) }]);
    const next = await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    expect(next.checkpoint).toEqual(checkpointAt(8));
  });

  test('rewound: a checkpoint is set back, also to the beginning, and what is parked stays', async ({
    store,
  }) => {
    const ownership = await own(store);
    await store.advance([{ ownership, checkpoint: checkpointAt(7) }]);
    await store.park(ownership, [message('k', 1, failing(undefined))]);
    const earlier = { ...checkpointAt(3), evidence: 'e' };
    expect(await store.rewind(ownership, earlier)).toBe('rewound');
    expect((await store.state(subscription))[0]).toMatchObject({ checkpoint: earlier, parkedKeys: 1 });
    expect(await store.rewind(ownership, undefined)).toBe('rewound');
    const [state] = await store.state(subscription);
    expect(state).toMatchObject({ parkedKeys: 1, epoch: ownership.epoch });
    expect(state!.checkpoint).toBeUndefined();
    expect(state!.checkpointAgeInMs).toBeUndefined();
    await store.advance([{ ownership, checkpoint: checkpointAt(2) }]);
    expect((await store.state(subscription))[0]!.checkpoint).toEqual(checkpointAt(2));
  });

  test('stateOfSome: only the partitions asked about are told of', async ({ store }) => {
    for (const partition of [0, 1, 2]) await own(store, 'a', partition);
    const partitionsOf = async (asked: readonly number[]) =>
      (await store.state(subscription, asked)).map(({ partition }) => partition);
    expect(await partitionsOf([2, 0])).toEqual([0, 2]);
    expect(await partitionsOf([1, 9])).toEqual([1]);
    expect(await partitionsOf([])).toEqual([]);
  });

  test('severalAtOnce: each partition is answered for itself, in the order asked', async ({ store }) => {
    const [zero, one] = [await own(store, 'a', 0), await own(store, 'a', 1)];
    await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    const moves = [zero, one].map((ownership) => ({ ownership, checkpoint: checkpointAt(2) }));
    expect(await store.advance(moves)).toEqual(['fenced', 'advanced']);
  });

  test('frozenMarkUnhealthy: the age of a checkpoint is told by the store', async ({
    store,
    advanceTime,
  }) => {
    const ownership = await own(store);
    expect((await store.state(subscription))[0]!.checkpointAgeInMs).toBeUndefined();
    await store.advance([{ ownership, checkpoint: checkpointAt(1) }]);
    await advanceTime(50);
    expect((await store.state(subscription))[0]!.checkpointAgeInMs).toBeGreaterThanOrEqual(50);
  });

  test('forget: nothing is left but the discards, and not those where told so', async ({ store }) => {
    const ownership = await own(store);
    await store.advance([{ ownership, checkpoint: checkpointAt(7) }]);
    await store.park(ownership, [message('k', 1, failing(undefined)), message('l', 2, failing(undefined))]);
    await store.discardParked(ownership, 'k', at(1));
    await store.forget(subscription);
    expect(await store.state(subscription)).toEqual([]);
    expect(await store.listParked({ subscription })).toEqual([]);
    expect(await store.discarded(subscription)).toEqual([{ partition: 0, key: 'k', position: at(1) }]);
    expect((await own(store)) as unknown).toMatchObject({ checkpoint: undefined });
    await store.forget(subscription, { discardsToo: true });
    expect(await store.discarded(subscription)).toEqual([]);
  });
}

function parking({ test }: Suite): void {
  test('poisonHeadParksKey: the gate stands from the first parked message to the last', async ({ store }) => {
    const ownership = await own(store);
    expect(await store.gatedKeys(ownership)).toEqual(new Set());
    await store.park(ownership, [message('k', 1, failing(0)), message('k', 2)]);
    expect(await store.gatedKeys(ownership)).toEqual(new Set(['k']));
    expect((await store.state(subscription))[0]).toMatchObject({ parkedKeys: 1 });
    expect(await store.settleParked(ownership, 'k', at(1))).toBe('settled');
    expect(await store.gatedKeys(ownership)).toEqual(new Set(['k']));
    expect(await store.settleParked(ownership, 'k', at(2))).toBe('gate-lifted');
    expect(await store.gatedKeys(ownership)).toEqual(new Set());
  });

  test('retryHeadReleasesInOrder: followers move up one by one', async ({ store }) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 1, failing(0)), message('k', 2), message('k', 3)]);
    for (const row of [1, 2, 3]) {
      expect(await store.ready(ownership, 10)).toMatchObject([
        { key: 'k', position: at(row), state: 'ready' },
      ]);
      await store.settleParked(ownership, 'k', at(row));
    }
    expect(await store.ready(ownership, 10)).toEqual([]);
  });

  test('parkTwice: a repeat after a crash changes nothing', async ({ store }) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 1, failing(undefined)), message('k', 2)]);
    await store.park(ownership, [message('k', 1, failing(0)), message('k', 2), message('k', 3)]);
    expect(await store.listParked({ subscription })).toMatchObject([
      { position: at(1), state: 'held', failure: failing(undefined) },
      { position: at(2), state: 'waiting' },
      { position: at(3), state: 'waiting' },
    ]);
  });

  test('parkTwiceOutOfOrder: a repeat changes nothing either where positions in a queue do not rise', async ({
    store,
  }) => {
    const ownership = await own(store);
    const parked = [message('k', 4, failing(undefined)), message('k', 1)];
    await store.park(ownership, parked);
    await store.park(ownership, parked);
    const listed = await store.listParked({ subscription });
    expect(listed.map(({ position, state }) => [position, state])).toEqual([
      [at(1), 'waiting'],
      [at(4), 'held'],
    ]);
  });

  test('followerAlone: one without a failure and with nobody before it is ready', async ({ store }) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 4)]);
    expect(await store.ready(ownership, 10)).toMatchObject([{ position: at(4), state: 'ready' }]);
  });

  test('neverBeforeDue: a delayed head is ready when its delay is over, by the clock of the store', async ({
    store,
    advanceTime,
  }) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 1, failing(200)), message('l', 2, failing(undefined))]);
    expect(await store.ready(ownership, 10)).toEqual([]);
    expect(await store.nextDueInMs(ownership)).toBeGreaterThan(100);
    expect(await store.listParked({ state: 'delayed', subscription })).toMatchObject([{ key: 'k' }]);
    await advanceTime(201);
    expect(await store.nextDueInMs(ownership)).toBe(0);
    expect(await store.ready(ownership, 10)).toMatchObject([{ key: 'k', state: 'ready' }]);
  });

  test('failedReplayKeepsPlace: a head that fails again stays before its followers', async ({ store }) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 1, failing(0)), message('k', 2)]);
    await store.failParked(ownership, 'k', at(1), failing(undefined, 4));
    expect(await store.ready(ownership, 10)).toEqual([]);
    expect(await store.listParked({ subscription })).toMatchObject([
      { position: at(1), state: 'held', failure: { attempts: 4 } },
      { position: at(2), state: 'waiting' },
    ]);
  });

  test('keysApart: one key waits, others are told in the order of their positions', async ({ store }) => {
    const ownership = await own(store);
    await store.park(ownership, [
      message('c', 1, failing(undefined)),
      message('b', 2, failing(0)),
      message('a', 3, failing(0)),
      message('d', 4, failing(0)),
    ]);
    const keys = async (limit: number) => (await store.ready(ownership, limit)).map(({ key }) => key);
    expect(await keys(10)).toEqual(['b', 'a', 'd']);
    expect(await keys(2)).toEqual(['b', 'a']);
  });

  test('partitionsApart: a key that is gated in one partition is not in another', async ({ store }) => {
    const [zero, one] = [await own(store, 'a', 0), await own(store, 'a', 1)];
    await store.park(zero, [message('k', 1, failing(0))]);
    expect(await store.gatedKeys(one)).toEqual(new Set());
    expect(await store.ready(one, 10)).toEqual([]);
  });

  test('parkedSurvivesOwner: the next owner finds gates and messages', async ({ store }) => {
    const copy = message('k', 1, failing(0));
    await store.park(await own(store), [copy, message('k', 2)]);
    const next = await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    expect(await store.gatedKeys(next)).toEqual(new Set(['k']));
    expect(await store.ready(next, 10)).toMatchObject([copy]);
  });

  test('settleTwice: settling what is gone changes nothing', async ({ store }) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 1, failing(0)), message('k', 2)]);
    await store.settleParked(ownership, 'k', at(1));
    expect(await store.settleParked(ownership, 'k', at(1))).toBe('settled');
    expect(await store.listParked({ subscription })).toMatchObject([{ position: at(2) }]);
  });

  test('oddCharacters: a key may be any text, the empty one too', async ({ store }) => {
    const ownership = await own(store);
    const keys = ['', 'größer/than "life"', "o'hara\n#%", '日本'];
    await store.park(
      ownership,
      keys.map((key, index) => message(key, index + 1, failing(0))),
    );
    expect(await store.gatedKeys(ownership)).toEqual(new Set(keys));
    expect((await store.ready(ownership, 10)).map(({ key }) => key)).toEqual(keys);
  });
}

function operators({ test }: Suite): void {
  const parkHeld = async (store: SubscriptionStore) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 1, failing(undefined)), message('k', 2)]);
    return ownership;
  };

  test('replay: an operator makes a held head ready, and only the head', async ({ store }) => {
    const ownership = await parkHeld(store);
    expect(await store.requestRetry(addressOf('k', 2))).toBe('not-parked');
    expect(await store.requestRetry(addressOf('k', 1))).toBe('requested');
    expect(await store.ready(ownership, 10)).toMatchObject([{ position: at(1), state: 'ready' }]);
  });

  test('discard: the owner is told to drop the head, and it is remembered', async ({ store }) => {
    const ownership = await parkHeld(store);
    expect(await store.requestDiscard(addressOf('k', 1))).toBe('requested');
    expect(await store.ready(ownership, 10)).toMatchObject([{ position: at(1), state: 'discarding' }]);
    expect(await store.discardParked(ownership, 'k', at(1))).toBe('settled');
    expect(await store.discarded(subscription)).toEqual([{ partition: 0, key: 'k', position: at(1) }]);
    expect(await store.ready(ownership, 10)).toMatchObject([{ position: at(2), state: 'ready' }]);
  });

  test('discardTwice: a repeat after a crash is remembered once', async ({ store }) => {
    const ownership = await parkHeld(store);
    await store.discardParked(ownership, 'k', at(1));
    expect(await store.discardParked(ownership, 'k', at(1))).toBe('settled');
    expect(await store.discarded(subscription)).toHaveLength(1);
    expect(await store.listParked({ subscription })).toMatchObject([{ position: at(2) }]);
  });

  test('discardWhileRunning: a head that fails after an operator said discard is dropped all the same', async ({
    store,
  }) => {
    const ownership = await own(store);
    await store.park(ownership, [message('k', 1, failing(0))]);
    expect(await store.ready(ownership, 10)).toMatchObject([{ state: 'ready' }]);
    expect(await store.requestDiscard(addressOf('k', 1))).toBe('requested');
    await store.failParked(ownership, 'k', at(1), failing(undefined));
    expect(await store.ready(ownership, 10)).toMatchObject([{ key: 'k', state: 'discarding' }]);
  });

  test('twoOperatorsOneWins: the first wish stands until the owner has acted', async ({ store }) => {
    const ownership = await parkHeld(store);
    const answers = await Promise.all([
      store.requestRetry(addressOf('k', 1)),
      store.requestDiscard(addressOf('k', 1)),
      store.requestRetry(addressOf('k', 1)),
    ]);
    expect(answers.filter((answer) => answer === 'requested')).toHaveLength(1);
    await store.failParked(ownership, 'k', at(1), failing(undefined));
    expect(await store.requestDiscard(addressOf('k', 1))).toBe('requested');
  });

  test('retryRacesFollowers: messages that park meanwhile stay behind the head', async ({ store }) => {
    const ownership = await parkHeld(store);
    await Promise.all([store.requestRetry(addressOf('k', 1)), store.park(ownership, [message('k', 3)])]);
    expect(await store.ready(ownership, 10)).toMatchObject([{ position: at(1) }]);
    expect((await store.listParked({ key: 'k', subscription })).map(({ position }) => position)).toEqual([
      at(1),
      at(2),
      at(3),
    ]);
  });

  test('wishSurvivesOwner: the next owner acts on it', async ({ store }) => {
    await parkHeld(store);
    await store.requestDiscard(addressOf('k', 1));
    const next = await store.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    expect(await store.ready(next, 10)).toMatchObject([{ position: at(1), state: 'discarding' }]);
  });

  test('query: parked messages are found by subscription, partition, key and state', async ({ store }) => {
    await parkHeld(store);
    const other = await own(store, 'a', 1);
    await store.park(other, [message('l', 5, failing(60_000))]);
    const rows = async (query: Parameters<SubscriptionStore['listParked']>[0]) =>
      (await store.listParked({ subscription, ...query })).map(
        ({ key, position }) => `${key}${Number(position === at(5))}`,
      );
    expect(await rows({})).toEqual(['k0', 'k0', 'l1']);
    expect(await rows({ partition: 1 })).toEqual(['l1']);
    expect(await rows({ key: 'k' })).toEqual(['k0', 'k0']);
    expect(await rows({ state: 'waiting' })).toEqual(['k0']);
    expect(await rows({ limit: 1 })).toEqual(['k0']);
    expect(await store.listParked({ subscription: 'nobody/v1' })).toEqual([]);
  });
}

import { type ParkedMessage, partitionOf, UnavailableError } from '@diptych/core';
import { expect } from 'vitest';
import { standIn } from '../doubles/stand-in.js';
import { type ContractFactory, type ContractSubject, type ContractSuite, contract } from './contract.js';
import { nameIn } from './contract-envelopes.js';
import { Dying } from './dying.js';
import { type SubscriptionGround, SubscriptionWorld, subscription } from './subscription-world.js';

export interface SubscriptionSubject extends ContractSubject, SubscriptionGround {}

export type SubscriptionFactory = ContractFactory<SubscriptionSubject>;
type Suite = ContractSuite<SubscriptionSubject>;

const leaseInMs = 3_000;
const pollInMs = 1_000;

/** What a running subscription promises, over any combination of stores, reader and transport. */
export function subscriptionContract(adapter: string, factory: SubscriptionFactory): void {
  contract('subscription', adapter, factory, (suite) => {
    delivery(suite);
    owners(suite);
    deaths(suite);
    parked(suite);
    stops(suite);
    faults(suite);
    control(suite);
  });
}

function delivery({ test }: Suite): void {
  test('promise 2: catchUp: every event comes, in order within its key', async (subject) => {
    const world = new SubscriptionWorld(subject);
    for (let round = 0; round < 5; round++) for (const name of ['a', 'b', 'c']) await world.write(name);
    await world.run('one');
    await world.settle();
    for (const name of ['a', 'b', 'c']) expect(world.effects.of(name)).toEqual([1, 2, 3, 4, 5]);
  });

  test('promise 2: catchUpThenLive: what is written later comes too', async (subject) => {
    const world = new SubscriptionWorld(subject);
    await world.write('a');
    await world.run('one');
    await world.settle();
    await world.write('a');
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([1, 2]);
  });

  test('caughtUpIsNoOp: with nothing new, nothing is handled and nothing is said to be done', async (subject) => {
    const world = new SubscriptionWorld(subject);
    await world.write('a');
    const { runner, consumer } = await world.run('one');
    await world.settle();
    const { batches } = consumer;
    expect(await runner.turn()).toBe(false);
    expect(consumer.batches).toBe(batches);
  });

  test('checkpointPersists: another process goes on where the first stopped', async (subject) => {
    const world = new SubscriptionWorld(subject);
    await world.write('a');
    const first = await world.run('one');
    await world.settle();
    await first.runner.stop();
    world.kill(first);
    await world.write('a');
    const second = await world.run('two');
    await world.after(pollInMs);
    expect(second.consumer.tries).toEqual(['a/2']);
  });

  test('boundedBatches: no batch is larger than the limits', async (subject) => {
    const world = new SubscriptionWorld(subject);
    for (let round = 0; round < 7; round++) await world.write('a');
    const { consumer } = await world.run('one', { limits: { maxEvents: 2, maxBytes: 1_000_000 } });
    await world.settle();
    expect(world.effects.of('a')).toHaveLength(7);
    expect(consumer.batches).toBeGreaterThanOrEqual(4);
  });

  test('commandsPassedOver: a command in the journal is nothing to who does not handle it', async (subject) => {
    const world = new SubscriptionWorld(subject);
    await world.send('a');
    await world.write('a');
    await world.send('a');
    await world.write('a');
    await world.run('one');
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([1, 2]);
  });

  test('startAt: newest begins behind what is there, also when the process dies before anything comes', async (subject) => {
    const world = new SubscriptionWorld(subject);
    await world.write('a');
    const first = await world.run('one', { startAt: 'newest' });
    await world.settle();
    world.kill(first);
    await world.write('a');
    await world.write('b');
    await world.run('two', { startAt: 'newest' });
    await world.after(leaseInMs + 1);
    expect([world.effects.of('a'), world.effects.of('b')]).toEqual([[2], [1]]);
  });

  test('globalOrder: one consumer gets all partitions in the order of the journal', async (subject) => {
    const world = new SubscriptionWorld(subject);
    for (let round = 0; round < 4; round++) for (const name of ['a', 'b', 'c', 'd']) await world.write(name);
    const { consumer } = await world.run('one', {
      ordering: 'global',
      limits: { maxEvents: 3, maxBytes: 1_000_000 },
    });
    await world.settle();
    expect(consumer.tries).toEqual(
      [1, 2, 3, 4].flatMap((round) => ['a', 'b', 'c', 'd'].map((name) => `${name}/${round}`)),
    );
  });
}

function owners({ test }: Suite): void {
  test('workRebalanced: two processes share the partitions, and no partition has two owners', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const one = await world.run('one');
    await world.settle();
    const two = await world.run('two');
    for (let round = 0; round < 4; round++) await world.after(leaseInMs / 3 + 1);
    const owned = [one, two].map(({ runner }) => runner.status().map(({ partition }) => partition));
    const { partitions } = await subject.reader.info();
    expect([...owned.flat()].sort((x, y) => x - y)).toEqual([...Array(partitions).keys()]);
    expect(Math.max(...owned.map((list) => list.length))).toBeLessThanOrEqual(Math.ceil(partitions / 2));
  });

  test('stopWithNothing: a process that stops before it owns anything takes nobody’s share along', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const one = await world.run('one');
    await world.settle();
    const two = await world.run('two');
    await two.runner.turn();
    // The first one hears of the second, and gives half of its partitions back.
    await subject.advanceTime(leaseInMs / 3 + 1);
    await one.runner.turn();
    await two.runner.stop();
    world.kill(two);
    await world.after(leaseInMs / 3 + 1);
    await world.settle();
    expect(one.runner.status()).toHaveLength((await subject.reader.info()).partitions);
  });

  test('takeoverInTime: the partitions of a process that died are taken when its leases end', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const dead = await world.run('one');
    await world.settle();
    world.kill(dead);
    await world.write('a');
    await world.run('two');
    await world.settle();
    await world.after(leaseInMs + 1);
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([1]);
  });

  test('promise 8: stopDrains: a process that stops hands over at once', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const one = await world.run('one');
    await world.write('a');
    await world.settle();
    await one.runner.stop();
    world.kill(one);
    await world.write('a');
    const two = await world.run('two');
    await world.settle();
    expect(two.runner.status()).toHaveLength((await subject.reader.info()).partitions);
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([1, 2]);
  });

  test('zombieCannotWrite: a process that lost its partitions moves nothing, and lets go of them', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const zombie = await world.run('one');
    await world.settle();
    const partition = partitionOf('a', (await subject.reader.info()).partitions);
    let taken: number | undefined;
    zombie.consumer.beforeItem = async () => {
      taken ??= (await subject.store.seize({ subscription, partition, owner: 'two', leaseInMs })).epoch;
    };
    await world.write('a');
    await world.after(pollInMs);
    const state = (await subject.store.state(subscription)).find((one) => one.partition === partition);
    expect(state).toMatchObject({ owner: 'two', epoch: taken });
    expect(state?.checkpoint).toBeUndefined();
    expect(zombie.notices).toContainEqual(
      expect.objectContaining({ kind: 'partition-left', partition, reason: 'lost' }),
    );
    expect(zombie.runner.status().map((one) => one.partition)).not.toContain(partition);
  });

  test('promise 3: a crash between effect and checkpoint: the events come again and count once', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const one = await world.run('one');
    await world.settle();
    await world.write('a');
    await world.write('a');
    // The effect is done, and the process dies before the checkpoint moves.
    one.consumer.beforeItem = async (item) => {
      world.effects.apply(item);
      throw new UnavailableError('The process dies here.');
    };
    await world.after(pollInMs);
    world.kill(one);
    const two = await world.run('two');
    await world.after(leaseInMs + 1);
    await world.after(pollInMs);
    expect(two.consumer.tries).toContain('a/1');
    expect(world.effects.of('a')).toEqual([1, 2]);
  });
}

function deaths({ test }: Suite): void {
  test('promise 8: killBetweenSteps: killed at any call of its stores, it loses nothing and doubles nothing', async (subject) => {
    for (let calls = 0; calls < 16; calls++) {
      const world = new SubscriptionWorld(subject);
      const [name, failing] = [`killed-${calls}`, `failing-${calls}`];
      const dying = new Dying(calls);
      const options = { subscription: `${name}/v1`, parking: { immediate: 0, delaysInMs: [400, 400, 400] } };
      const stores = { store: dying.in(subject.store), reader: dying.in(subject.reader) };
      const one = await world.run('one', { ...options, ...stores });
      one.consumer.failing.add(`${failing}/1`);
      one.consumer.beforeItem = () => dying.call();
      for (let round = 0; round < 3; round++) for (const stream of [name, failing]) await world.write(stream);
      // It may die in any of these turns, which then never ends.
      for (let turn = 0; turn < 4 && !dying.isDead; turn++)
        await Promise.race([world.after(401), dying.death]);
      world.kill(one);
      await dying.landed();
      await world.run('two', options);
      await world.after(leaseInMs + 1);
      for (let round = 0; round < 3; round++) await world.after(pollInMs);
      expect([world.effects.of(name), world.effects.of(failing)], `killed at call ${calls}`).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
    }
  });

  test('clockSkew5min: processes whose clocks differ get the same leases and due times', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const skewed = (byInMs: number) => standIn(subject.clock, { now: () => subject.clock.now() + byInMs });
    const slow = await world.run('slow', {
      clock: skewed(-300_000),
      parking: { immediate: 0, delaysInMs: [400] },
    });
    await world.settle();
    slow.consumer.failing.add('k/1');
    await world.write('k');
    await world.after(pollInMs);
    const fast = await world.run('fast', { clock: skewed(300_000) });
    await world.settle();
    // The leases of the slow one run, so the fast one, for which they ended long ago, gets nothing.
    expect(fast.runner.status()).toEqual([]);
    world.kill(slow);
    await world.after(leaseInMs + 1);
    await world.after(pollInMs);
    expect(fast.runner.status()).toHaveLength((await subject.reader.info()).partitions);
  });
}

function parked({ test }: Suite): void {
  const listed = async ({ store }: SubscriptionSubject) =>
    (await store.listParked({ subscription })).map(({ key, state }: ParkedMessage) => `${key} ${state}`);
  const headOf = async ({ store }: SubscriptionSubject) => {
    const [head] = await store.listParked({ subscription });
    if (head === undefined) throw new Error('Nothing is parked.');
    const { partition, key, position } = head;
    return { subscription, partition, key, position };
  };

  test('promise 6: poisonHeadParksKey: others of the partition go on, followers wait', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer, notices } = await world.run('one');
    consumer.failing.add('k/2');
    for (const key of ['k', 'k', 'l', 'k']) await world.write('s', { key });
    await world.after(pollInMs);
    await world.write('s', { key: 'k' });
    await world.write('s', { key: 'l' });
    await world.after(pollInMs);
    expect([world.effects.of('k'), world.effects.of('l')]).toEqual([[1], [3, 6]]);
    expect(await listed(subject)).toEqual(['k held', 'k waiting', 'k waiting']);
    expect(notices.filter(({ kind }) => kind === 'message-parked')).toMatchObject([
      { key: 'k', failure: { attempts: 1 } },
    ]);
  });

  test('promise 6: retryHeadReleasesInOrder: an operator retries, and what waited follows', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer } = await world.run('one');
    consumer.failing.add('k/1');
    for (let round = 0; round < 3; round++) await world.write('k');
    await world.after(pollInMs);
    await subject.store.requestRetry(await headOf(subject));
    await world.settle();
    expect(world.effects.of('k')).toEqual([]);
    consumer.failing.clear();
    await subject.store.requestRetry(await headOf(subject));
    await world.settle();
    await world.write('k');
    await world.after(pollInMs);
    expect(world.effects.of('k')).toEqual([1, 2, 3, 4]);
    expect(await listed(subject)).toEqual([]);
  });

  test('promise 6: discardHeadReleases: an operator discards, and what waited follows', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer } = await world.run('one');
    consumer.failing.add('k/1');
    for (let round = 0; round < 3; round++) await world.write('k');
    await world.after(pollInMs);
    await subject.store.requestDiscard(await headOf(subject));
    await world.settle();
    expect(world.effects.of('k')).toEqual([2, 3]);
    expect(await subject.store.discarded(subscription)).toHaveLength(1);
  });

  test('rebuildsHonourDiscards: another copy does not apply what was discarded', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer } = await world.run('one');
    consumer.failing.add('k/1');
    for (let round = 0; round < 2; round++) await world.write('k');
    await world.after(pollInMs);
    await subject.store.requestDiscard(await headOf(subject));
    await world.settle();
    const copy = { subscription: `${subscription}/g2`, honourDiscardsOf: [subscription] };
    const rebuild = await world.run('one', copy);
    await world.settle();
    expect(rebuild.consumer.tries).toEqual(['k/2']);
  });

  test('immediateThenDelayedThenHeld: tries follow the policy, and never before they are due', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer } = await world.run('one', { parking: { immediate: 1, delaysInMs: [400, 800] } });
    consumer.failing.add('k/1');
    await world.write('k');
    await world.after(pollInMs);
    const tries: [number, string[]][] = [];
    for (const ms of [0, 200, 401, 801, 60_000]) {
      await world.after(ms);
      tries.push([consumer.tries.length, await listed(subject)]);
    }
    // Time may have passed beyond the first due time while the first tries were made, so the counts are bounds.
    expect(tries.at(-1)).toEqual([6, ['k held']]);
    expect((await subject.store.listParked({ subscription }))[0]?.failure).toMatchObject({
      attempts: 6,
      code: 'Error',
    });
  });

  test('globalOrder: what is parked is found again where one consumer reads all partitions', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer } = await world.run('one', { ordering: 'global' });
    consumer.failing.add('k/1');
    for (const name of ['k', 'a', 'k', 'b']) await world.write(name);
    await world.after(pollInMs);
    expect(await listed(subject)).toEqual(['k held', 'k waiting']);
    consumer.failing.clear();
    await subject.store.requestRetry(await headOf(subject));
    await world.settle();
    expect(['k', 'a', 'b'].map((name) => world.effects.of(name))).toEqual([[1, 2], [1], [1]]);
  });

  test('lostAnswer: a park whose answer is lost has raised its gate all the same', async (subject) => {
    const world = new SubscriptionWorld(subject);
    let isLost = false;
    const store = standIn(subject.store, {
      park: async (...message) => {
        const answer = await subject.store.park(...message);
        if (isLost) return answer;
        isLost = true;
        throw new UnavailableError('The connection broke before the answer came.');
      },
    });
    const { consumer } = await world.run('one', { store });
    consumer.failing.add('k/1');
    await world.write('k');
    await world.after(pollInMs);
    // The program is mended, but what is parked comes first.
    consumer.failing.clear();
    await world.write('k');
    for (let round = 0; round < 3; round++) await world.after(pollInMs);
    expect(world.effects.of('k')).toEqual([]);
    await subject.store.requestRetry(await headOf(subject));
    await world.after(pollInMs);
    expect(world.effects.of('k')).toEqual([1, 2]);
  });

  test('delayedRetrySucceeds: the followers move up by themselves', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer } = await world.run('one', { parking: { immediate: 0, delaysInMs: [400] } });
    consumer.failing.add('k/1');
    for (let round = 0; round < 3; round++) await world.write('k');
    await world.settle();
    consumer.failing.clear();
    await world.after(pollInMs);
    await world.after(401);
    expect(world.effects.of('k')).toEqual([1, 2, 3]);
  });

  test('parkedSurvivesOwner: the next process keeps the order of what is parked', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const one = await world.run('one');
    one.consumer.failing.add('k/1');
    for (let round = 0; round < 2; round++) await world.write('k');
    await world.after(pollInMs);
    world.kill(one);
    await world.write('k');
    await world.run('two');
    await world.after(leaseInMs + 1);
    await world.after(pollInMs);
    expect(world.effects.of('k')).toEqual([]);
    await subject.store.requestRetry(await headOf(subject));
    await world.settle();
    expect(world.effects.of('k')).toEqual([1, 2, 3]);
  });

  test('promise 2: lateToTheGates: a process that lost its partition before it knew the gates lets no follower overtake', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const one = await world.run('one');
    one.consumer.failing.add('k/1');
    await world.write('k');
    await world.after(pollInMs);
    await one.runner.stop();
    world.kill(one);
    await world.write('k');
    const partition = partitionOf('k', (await subject.reader.info()).partitions);
    const store = standIn(subject.store, {
      gatedKeys: async (ownership) => {
        const another = { subscription, partition, owner: 'three', leaseInMs };
        if (ownership.partition === partition) await subject.store.seize(another);
        return subject.store.gatedKeys(ownership);
      },
    });
    const two = await world.run('two', { store });
    await world.settle();
    expect(two.consumer.tries).toEqual([]);
  });
}

function stops({ test }: Suite): void {
  const apart = async ({ reader }: SubscriptionSubject) => {
    const { partitions } = await reader.info();
    return [0, 1].map((wanted) => nameIn(wanted, (name) => partitionOf(name, partitions))) as [
      string,
      string,
    ];
  };

  test('promise 6: a message whose key cannot be told stops its partition, with an alarm, and no other', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const [here, there] = await apart(subject);
    const { runner, notices } = await world.run('one');
    for (const data of [{}, { unreadable: true }, {}]) await world.write(here, data);
    await world.write(there);
    await world.after(pollInMs);
    await world.after(pollInMs);
    expect([world.effects.of(here), world.effects.of(there)]).toEqual([[1], [1]]);
    expect(notices.filter(({ kind }) => kind === 'partition-stopped')).toHaveLength(1);
    expect(runner.status().filter(({ state }) => state === 'stopped')).toMatchObject([{ partition: 0 }]);
  });

  test('promise 6: an operator lets a stopped partition look again', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const [here] = await apart(subject);
    const { consumer, runner } = await world.run('one');
    for (const data of [{}, { unreadable: true }, {}]) await world.write(here, data);
    await world.after(pollInMs);
    const [stop] = await subject.store.listParked({ subscription });
    await subject.store.requestRetry(stop!);
    await world.after(pollInMs);
    expect(await subject.store.listParked({ subscription })).toMatchObject([{ state: 'held' }]);
    consumer.isMended = true;
    await subject.store.requestRetry(stop!);
    await world.after(pollInMs);
    expect(world.effects.of(here)).toEqual([1, 2, 3]);
    expect(runner.status().filter(({ state }) => state === 'stopped')).toEqual([]);
  });

  test('promise 6: an operator passes over what stopped a partition', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const [here] = await apart(subject);
    await world.run('one');
    for (const data of [{}, { unreadable: true }, {}]) await world.write(here, data);
    await world.after(pollInMs);
    const [stop] = await subject.store.listParked({ subscription });
    await subject.store.requestDiscard(stop!);
    await world.after(pollInMs);
    expect(world.effects.of(here)).toEqual([1, 3]);
  });

  test('an empty key is a mistake of the program, and stops the partition as an unreadable one does', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const [here] = await apart(subject);
    await world.run('one');
    await world.write(here, { key: '' });
    await world.after(pollInMs);
    const stops = await subject.store.listParked({ subscription });
    expect(stops).toMatchObject([{ key: '', state: 'held', failure: { code: 'key-empty' } }]);
  });

  test('journalRestored: a journal that no longer holds the checkpoint stops the subscription', async (subject) => {
    const world = new SubscriptionWorld(subject);
    await world.write('a');
    const one = await world.run('one');
    await world.settle();
    await one.runner.stop();
    world.kill(one);
    const partition = partitionOf('a', (await subject.reader.info()).partitions);
    // As after a restore: what was written there since is another event.
    const entryAt = async () => ({ ...written, id: 'another' });
    const [written] = (await subject.reader.readAll(undefined, { maxEvents: 1, maxBytes: 1 })).entries;
    const reader = standIn(subject.reader, { entryAt: entryAt as typeof subject.reader.entryAt });
    const two = await world.run('two', { reader });
    await world.write('a');
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([1]);
    const stopped = two.runner.status().filter(({ state }) => state === 'stopped');
    expect(stopped).toMatchObject([{ partition, error: { code: 'journal-restored' } }]);
    expect(String(stopped[0]?.error)).toContain(`Rebuild '${subscription}'`);
  });
}

function faults({ test }: Suite): void {
  test('brokerDownBacksOff: a fault of a store pauses, ever longer, and is told once', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { consumer, notices, runner } = await world.run('one', {
      backoff: { firstInMs: 100, mostInMs: 5_000 },
    });
    await world.settle();
    let outages = 0;
    Object.defineProperty(consumer, 'outage', {
      configurable: true,
      get: () => {
        outages += 1;
        return new UnavailableError('The read-model store is out of reach.');
      },
    });
    await world.write('a');
    await world.after(pollInMs);
    for (let round = 0; round < 200; round++) await world.after(100);
    expect(outages / 2).toBeGreaterThan(3);
    expect(outages / 2).toBeLessThan(20);
    expect(notices.filter(({ kind }) => kind === 'partition-paused')).toHaveLength(1);
    expect(runner.status().filter(({ state }) => state === 'paused')).toHaveLength(1);
    Object.defineProperty(consumer, 'outage', { value: undefined });
    await world.after(5_001);
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([1]);
    expect(await subject.store.listParked({ subscription })).toEqual([]);
    expect(notices.filter(({ kind }) => kind === 'partition-resumed')).toHaveLength(1);
  });

  test('storeDownBacksOff: a subscription store out of reach is waited for, and told once', async (subject) => {
    const world = new SubscriptionWorld(subject);
    let isDown = true;
    const store = standIn(subject.store, {
      acquire: async (request) => {
        if (isDown) throw new UnavailableError('The subscription store is out of reach.');
        return subject.store.acquire(request);
      },
    });
    await world.write('a');
    const { notices } = await world.run('one', { store });
    for (let round = 0; round < 20; round++) await world.after(100);
    isDown = false;
    await world.after(30_001);
    expect(world.effects.of('a')).toEqual([1]);
    expect(notices.filter(({ kind }) => kind === 'leases-paused')).toHaveLength(1);
    expect(notices.filter(({ kind }) => kind === 'leases-resumed')).toHaveLength(1);
  });
}

function control({ test }: Suite): void {
  test('delay: events younger than that are held back', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { runner } = await world.run('one');
    runner.delay(60_000);
    await world.write('a');
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([]);
    runner.delay(0);
    await world.settle();
    expect(world.effects.of('a')).toEqual([1]);
  });

  test('pausedStays: a subscription told to pause handles nothing until it is told to go on', async (subject) => {
    const world = new SubscriptionWorld(subject);
    const { runner } = await world.run('one');
    runner.pause();
    await world.write('a');
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([]);
    runner.resume();
    await world.after(pollInMs);
    expect(world.effects.of('a')).toEqual([1]);
  });
}

import {
  type Ownership,
  type ParkedMessage,
  type Position,
  positionAt,
  type SubscriptionStore,
} from '@diptych/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CosmosGround, cosmosGround } from '../../fixtures/cosmos-subscriptions.js';
import { Trouble } from '../../fixtures/troubled-container.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;
const leaseInMs = 1_000;
const partition = 0;

/** What a process does at the same time as the others. */
const deed = fc.oneof(
  { weight: 2, arbitrary: fc.constant('acquire' as const) },
  fc.constantFrom('seize' as const, 'release' as const),
  { weight: 3, arbitrary: fc.constantFrom('advance' as const, 'park' as const) },
  { weight: 4, arbitrary: fc.constantFrom('settle' as const, 'discard' as const, 'fail' as const) },
  fc.constantFrom('wish-retry' as const, 'wish-discard' as const),
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

const round = fc.record({
  /** Of each process: what it does, one after the other, while the others do theirs. */
  deeds: fc.array(fc.tuple(fc.nat(2), deed), { minLength: 2, maxLength: 6 }),
  /** One of the requests is lost on its way, or its answer. */
  loss: fc.option(fc.record({ request: fc.nat(8), isDone: fc.boolean() }), { nil: undefined, freq: 2 }),
  waitInMs: fc.constantFrom(0, 0, 400, leaseInMs + 1),
});

/** How far the replicas are behind that answer reads. */
const lag = fc.constantFrom(0, 0, 400, 60_000);

/** What was told to those who asked, so that it can be compared with what is there in the end. */
class Told {
  readonly owners = new Map<number, string>();
  readonly advanced: Position[] = [];
  readonly parked: Position[] = [];
  readonly gone: Position[] = [];
  readonly discarded: Position[] = [];
  /** By calls that failed: it may be so or not. */
  readonly doubtful = new Set<Position>();
  #row = 0;

  next(): Position {
    this.#row += 1;
    return positionAt(this.#row, 0);
  }

  given({ epoch, owner }: Ownership): void {
    const before = this.owners.get(epoch) ?? owner;
    expect(before, `epoch ${epoch} has one owner`).toBe(owner);
    this.owners.set(epoch, owner);
  }
}

/** A process with its own store, and the ownership that it last had. */
class Process {
  #ownership: Ownership | undefined;

  constructor(
    readonly owner: string,
    readonly store: SubscriptionStore,
    readonly subscription: string,
    readonly told: Told,
  ) {}

  async do(deeds: readonly Deed[]): Promise<void> {
    for (const one of deeds) await this.#one(one);
  }

  async #one(one: Deed): Promise<void> {
    const { store, subscription, owner } = this;
    const request = { subscription, owner, leaseInMs };
    if (one === 'acquire') {
      const { owned } = await store.acquire({ ...request, partitions: [partition] });
      this.#ownership = owned[0] ?? this.#ownership;
      for (const each of owned) this.told.given(each);
    } else if (one === 'seize') {
      this.#ownership = await store.seize({ ...request, partition });
      this.told.given(this.#ownership);
    } else if (one === 'wish-retry' || one === 'wish-discard') {
      await this.#wish(one);
    } else if (this.#ownership !== undefined) await this.#write(this.#ownership, one);
  }

  async #wish(wish: 'wish-retry' | 'wish-discard'): Promise<void> {
    const [head] = await this.store.listParked({ subscription: this.subscription, state: 'held' });
    if (head === undefined) return;
    if (wish === 'wish-retry') await this.store.requestRetry(head);
    else await this.store.requestDiscard(head);
  }

  async #write(ownership: Ownership, one: Deed): Promise<void> {
    const { store, told } = this;
    if (one === 'release') return store.release([ownership]);
    if (one === 'advance') {
      const position = told.next();
      const moves = [{ ownership, checkpoint: { position, entryId: position } }];
      const answers = await this.#tried([position], () => store.advance(moves));
      if (answers?.[0] === 'advanced') told.advanced.push(position);
    } else if (one === 'park') {
      const messages = ['k', 'k', 'l'].map((key, at) => {
        const position = told.next();
        const failure =
          at === 0 ? { code: 'broken', message: '', attempts: 1, delayInMs: undefined } : undefined;
        return { key, position, messageId: position, name: 'test.Happened', failure };
      });
      const positions = messages.map(({ position }) => position);
      if ((await this.#tried(positions, () => store.park(ownership, messages))) === 'parked')
        told.parked.push(...positions);
    } else await this.#runHead(ownership, one);
  }

  async #runHead(ownership: Ownership, one: Deed): Promise<void> {
    const { store, told } = this;
    const [head] = await store.ready(ownership, 1);
    if (head === undefined) return;
    const { key, position } = head;
    if (one === 'fail') {
      await this.#tried([], () => store.failParked(ownership, key, position, broken));
    } else {
      const take = one === 'settle' ? store.settleParked.bind(store) : store.discardParked.bind(store);
      const answer = await this.#tried([position], () => take(ownership, key, position));
      if (answer === undefined || answer === 'fenced') return;
      told.gone.push(position);
      if (one === 'discard') told.discarded.push(position);
    }
  }

  async #tried<T>(positions: readonly Position[], work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch {
      for (const position of positions) this.told.doubtful.add(position);
      return undefined;
    }
  }
}

const broken = { code: 'broken', message: '', attempts: 2, delayInMs: undefined };

async function race(
  ground: CosmosGround,
  subscription: string,
  rounds: readonly (typeof round extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const [told, trouble] = [new Told(), new Trouble()];
  const processes = ['a', 'b', 'c'].map(
    (owner) => new Process(owner, ground.store(trouble), subscription, told),
  );
  for (const { deeds, loss, waitInMs } of rounds) {
    if (loss !== undefined) trouble[loss.isDone ? 'loseAnswer' : 'loseRequest'](loss.request);
    await Promise.all(
      processes.map((process, at) => process.do(deeds.filter(([of]) => of === at).map(([, one]) => one))),
    );
    trouble.end();
    await ground.advanceTime(waitInMs);
  }
  return told;
}

/** Each key is one queue: one head, and it stands before all others. */
function expectQueues(parked: readonly ParkedMessage[], parkedKeys: number): void {
  const keys = new Set(parked.map(({ key }) => key));
  expect(parkedKeys).toBe(keys.size);
  for (const key of keys) {
    const queue = parked.filter((one) => one.key === key);
    expect(
      queue.filter(({ state }) => state !== 'waiting'),
      `one head of ${key}`,
    ).toHaveLength(1);
  }
}

describe('owners that race for a partition on Cosmos DB', () => {
  test(
    'promise 6: have an epoch each; nothing is lost, doubled, or written by an old one, also when answers get lost and replicas lag',
    async () => {
      const ground = await cosmosGround();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 8 }), lag, async (rounds, lagInMs) => {
          const subscription = `race/${run++}`;
          ground.cosmos.lagBy(lagInMs);
          const told = await race(ground, subscription, rounds);
          ground.cosmos.lagBy(0);
          const store = ground.store();
          const [state] = await store.state(subscription);
          const parked = await store.listParked({ subscription });
          const positions = parked.map(({ position }) => position);
          const sure = (list: readonly Position[]) => list.filter((one) => !told.doubtful.has(one));
          expect(sure(positions)).toEqual(sure(told.parked.filter((one) => !told.gone.includes(one))));
          expect(new Set(positions).size).toBe(positions.length);
          expectQueues(parked, state?.parkedKeys ?? 0);
          const discarded = (await store.discarded(subscription)).map(({ position }) => position);
          expect(sure(discarded)).toEqual(sure([...new Set(told.discarded)].sort()));
          const reached = state?.checkpoint?.position;
          const farthest = [...told.advanced].sort().at(-1);
          if (reached === undefined || !told.doubtful.has(reached)) expect(reached).toBe(farthest);
        }),
        { numRuns: seeds },
      );
      await ground.close();
    },
    seeds * 10_000,
  );
});

import {
  type Checkpoint,
  isDiptychError,
  type NewParkedMessage,
  type Ownership,
  type ParkedMessage,
  type Position,
  positionAt,
  type SubscriptionStore,
} from '@diptych/core';
import { MemorySubscriptionStore } from '@diptych/core/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cosmosGround } from '../../fixtures/cosmos-subscriptions.js';
import { Trouble } from '../../fixtures/troubled-container.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;
const leaseInMs = 1_000;

const owner = fc.constantFrom('a', 'b');
const partition = fc.constantFrom(0, 1);
const key = fc.constantFrom('k', 'l', '');
const row = fc.integer({ min: 1, max: 6 });
const failure = fc.option(
  fc.option(fc.constantFrom(0, 300, 2_000), { nil: undefined }).map((delayInMs) => ({
    code: 'broken',
    message: 'It broke.',
    attempts: 1,
    delayInMs,
  })),
  { nil: undefined },
);
const messages = fc.array(fc.record({ key, row, failure }), { minLength: 1, maxLength: 4 });
const of = { owner, partition };
const kind = <Kind extends string>(name: Kind) => fc.constant(name);

/** What somebody asks of the store. Which owner and partition: those that it has, or had once. */
const call = fc.oneof(
  fc.record({
    kind: kind('acquire'),
    owner,
    partitions: fc.uniqueArray(partition),
    most: fc.option(fc.nat(2), { nil: undefined }),
  }),
  fc.record({ kind: kind('seize'), ...of }),
  fc.record({ kind: kind('release'), ...of }),
  fc.record({ kind: kind('advance'), ...of, row }),
  fc.record({ kind: kind('rewind'), ...of, row: fc.option(row, { nil: undefined }) }),
  { weight: 3, arbitrary: fc.record({ kind: kind('park'), ...of, messages }) },
  fc.record({ kind: fc.constantFrom('settle' as const, 'discard' as const), ...of, key, row }),
  fc.record({ kind: kind('fail'), ...of, key, row, failure }),
  { weight: 2, arbitrary: fc.record({ kind: kind('run-head'), ...of, drop: fc.boolean() }) },
  fc.record({ kind: kind('wish'), owner, partition, key, row, drop: fc.boolean() }),
  { weight: 2, arbitrary: fc.record({ kind: kind('look'), ...of }) },
  fc.record({ kind: kind('wait'), ms: fc.constantFrom(1, 300, 999, 1_001) }),
  fc.record({ kind: kind('forget'), discardsToo: fc.boolean() }),
);
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** Of a call's requests that write, or look at what is there now: this one is lost on its way, or its answer is. */
const loss = fc.option(fc.record({ request: fc.nat(3), isDone: fc.boolean() }), { nil: undefined, freq: 2 });

const at = (one: number): Position => positionAt(one, 0);
const checkpoint = (one: number): Checkpoint => ({ position: at(one), entryId: `e${one}` });

/** One store, and the ownerships that it gave. Epochs are each store's own, so they are not compared. */
class Side {
  readonly #stores: ReadonlyMap<string, SubscriptionStore>;
  readonly #subscription: string;
  readonly #had = new Map<string, Ownership>();

  constructor(stores: ReadonlyMap<string, SubscriptionStore>, subscription: string) {
    this.#stores = stores;
    this.#subscription = subscription;
  }

  async do(one: Call): Promise<unknown> {
    const subscription = this.#subscription;
    if (one.kind === 'wait') return undefined;
    if (one.kind === 'forget') {
      this.#had.clear();
      return this.#stores.get('a')!.forget(subscription, { discardsToo: one.discardsToo });
    }
    const store = this.#stores.get(one.owner)!;
    if (one.kind === 'acquire') {
      const { partitions, most } = one;
      const request = { subscription, partitions, owner: one.owner, leaseInMs };
      const { owned, owners } = await store.acquire({ ...request, ...(most !== undefined && { most }) });
      const given = owned.map((each) => this.#given(each));
      return { owners, owned: given.sort((each, other) => each.partition - other.partition) };
    }
    if (one.kind === 'seize')
      return this.#given(
        await store.seize({ subscription, partition: one.partition, owner: one.owner, leaseInMs }),
      );
    if (one.kind === 'wish') {
      const address = { subscription, partition: one.partition, key: one.key, position: at(one.row) };
      return one.drop ? store.requestDiscard(address) : store.requestRetry(address);
    }
    const ownership = this.#had.get(`${one.owner}${one.partition}`);
    return ownership === undefined ? undefined : this.#write(store, ownership, one);
  }

  async #write(store: SubscriptionStore, ownership: Ownership, one: Call): Promise<unknown> {
    switch (one.kind) {
      case 'release':
        return store.release([ownership]);
      case 'advance':
        return store.advance([{ ownership, checkpoint: checkpoint(one.row) }]);
      case 'rewind':
        return store.rewind(ownership, one.row === undefined ? undefined : checkpoint(one.row));
      case 'park':
        return store.park(ownership, one.messages.map(message));
      case 'settle':
        return store.settleParked(ownership, one.key, at(one.row));
      case 'discard':
        return store.discardParked(ownership, one.key, at(one.row));
      case 'fail':
        return store.failParked(ownership, one.key, at(one.row), one.failure ?? broken);
      case 'run-head': {
        const [head] = inOrder(await store.ready(ownership, 100));
        if (head === undefined) return undefined;
        const { key: of_, position } = head;
        return [
          head,
          one.drop
            ? await store.discardParked(ownership, of_, position)
            : await store.settleParked(ownership, of_, position),
        ];
      }
      case 'look':
        return this.#look(store, ownership);
      default:
        throw new Error(`What is ${one.kind}?`);
    }
  }

  async #look(store: SubscriptionStore, ownership: Ownership): Promise<unknown> {
    const subscription = this.#subscription;
    const state = await store.state(subscription);
    const some = await store.state(subscription, [0, 1]);
    return {
      gated: await store.gatedKeys(ownership),
      ready: inOrder(await store.ready(ownership, 100)),
      due: await store.nextDueInMs(ownership),
      state: state.map(({ epoch, ...rest }) => rest),
      some: some.map(({ partition: of_, checkpoint: to, parkedKeys }) => ({ of_, to, parkedKeys })),
      parked: inOrder(await store.listParked({ subscription })),
      held: inOrder(await store.listParked({ subscription, state: 'held' })),
      discarded: (await store.discarded(subscription)).map((each) => JSON.stringify(each)).sort(),
    };
  }

  #given({ checkpoint: to, ...ownership }: Ownership & { checkpoint: Checkpoint | undefined }) {
    this.#had.set(`${ownership.owner}${ownership.partition}`, ownership);
    return { partition: ownership.partition, to };
  }
}

const broken = { code: 'broken', message: 'It broke.', attempts: 2, delayInMs: undefined };

function message({
  key: of_,
  row: one,
  failure: why,
}: {
  key: string;
  row: number;
  failure: NewParkedMessage['failure'];
}) {
  return { key: of_, position: at(one), messageId: `m${one}`, name: 'test.Happened', failure: why };
}

function inOrder(list: readonly ParkedMessage[]): readonly ParkedMessage[] {
  const keyOf = (one: ParkedMessage) => `${one.position} ${one.partition} ${one.key}`;
  return [...list]
    .map(({ subscription, ...rest }) => rest as ParkedMessage)
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

describe('subscriptions on Cosmos DB', () => {
  test(
    'mean what the memory store means, with two processes, also when requests or answers get lost',
    async () => {
      const ground = await cosmosGround();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ one: call, loss }), { minLength: 5, maxLength: 30 }),
          async (calls) => {
            const subscription = `s/${run++}`;
            const trouble = new Trouble();
            const model = new MemorySubscriptionStore(ground.clock);
            const memory = new Side(
              new Map([
                ['a', model],
                ['b', model],
              ]),
              subscription,
            );
            const cosmos = new Side(
              new Map([
                ['a', ground.store(trouble)],
                ['b', ground.store(trouble)],
              ]),
              subscription,
            );
            for (const { one, loss: lost } of calls) {
              if (one.kind === 'wait') await ground.advanceTime(one.ms);
              const expected = await memory.do(one);
              if (lost !== undefined) trouble[lost.isDone ? 'loseAnswer' : 'loseRequest'](lost.request);
              const answer = await cosmos.do(one).catch((error: unknown) => {
                // The next owner wrote over the place where it would have been seen.
                if (isDiptychError(error, 'outcome-unknown'))
                  return expected === 'fenced' ? 'fenced' : ['fenced'];
                throw error;
              });
              expect(answer, JSON.stringify(one)).toEqual(expected);
              trouble.end();
            }
          },
        ),
        { numRuns: seeds },
      );
      await ground.close();
    },
    seeds * 10_000,
  );
});

import { FakeClock } from '@diptych/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { relayName, relayToTopic } from '../relay/relay-consumer.js';
import type { Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import { SubscriptionRunner } from '../subscriptions/subscription-runner.js';
import type { FencedOr, Ownership, SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { AppendToStream } from '../unit-of-work/write-batch.js';
import { type MemoryDatabase, memoryDatabase } from './memory-database.js';
import { type MemoryTransport, memoryTransport } from './memory-transport.js';

const subscription = 'orders/v1';
const topic = 'events';
const leaseInMs = 3_000;
const streams = ['a', 'b', 'c'];
const seeds = globalThis.process.env.DIPTYCH_LONG === '1' ? 2_000 : 50;
const timeLimitInMs = seeds * 200;

/** One step of a history; `process` counts the processes that run at that time. */
type Step =
  | { readonly kind: 'write'; readonly stream: string; readonly failures: number }
  | { readonly kind: 'turn' | 'go-on'; readonly process: number }
  /** Takes a turn, and at that call of a store or handler stops: for a while, or for ever. */
  | { readonly kind: 'stall' | 'die'; readonly process: number; readonly calls: number }
  /** That later call fails, before or after it has done its work. */
  | { readonly kind: 'fail'; readonly process: number; readonly calls: number; readonly after: boolean }
  | { readonly kind: 'advance'; readonly ms: number };

// Two run the subscription, the third the relay, where there is one.
const process = fc.nat(2);
const calls = fc.nat(10);
const kind = <Kind extends string>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('write'),
      stream: kind(...streams),
      failures: fc.constantFrom(0, 0, 0, 1, 2),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: kind('turn', 'turn', 'turn', 'go-on'), process }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('stall', 'die'), process, calls }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('fail'), process, calls, after: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: kind('advance'), ms: fc.constantFrom(50, 400, 1_100, leaseInMs + 1) }),
  },
);

/** What was done to each stream, kept once per event and not corrected in any way. */
class Effects {
  readonly versions = new Map<string, number[]>();
  readonly tries = new Map<string, number>();
  readonly #seen = new Set<string>();

  apply({ entry, key }: WorkItem): void {
    if (entry.kind !== 'event') return;
    const tries = (this.tries.get(entry.id) ?? 0) + 1;
    this.tries.set(entry.id, tries);
    const { failures } = JSON.parse(entry.data) as { failures: number };
    if (this.#seen.has(entry.id)) return;
    if (tries <= failures) throw new Error('Not yet.');
    this.#seen.add(entry.id);
    this.versions.set(key, [...(this.versions.get(key) ?? []), entry.version]);
  }
}

/** Makes a later call of a process fail, before or after it has done its work, or not come back. */
class Trouble {
  #failIn = Number.POSITIVE_INFINITY;
  #after = false;
  #stallIn = Number.POSITIVE_INFINITY;
  #goOn: (() => void)[] = [];

  failIn(calls: number, after: boolean): void {
    this.#failIn = calls;
    this.#after = after;
  }

  stallIn(calls: number): void {
    this.#stallIn = calls;
  }

  goOn(): void {
    this.#stallIn = Number.POSITIVE_INFINITY;
    for (const goOn of this.#goOn.splice(0)) goOn();
  }

  end(): void {
    this.#failIn = Number.POSITIVE_INFINITY;
    this.goOn();
  }

  async around<T>(work: () => Promise<T>): Promise<T> {
    if (this.#stallIn-- <= 0) await new Promise<void>((resolve) => this.#goOn.push(resolve));
    const fails = this.#failIn-- <= 0;
    if (fails) this.#failIn = Number.POSITIVE_INFINITY;
    if (fails && !this.#after) throw new UnavailableError('Fails before.');
    const result = await work();
    if (fails) throw new UnavailableError('Fails after.');
    return result;
  }

  in<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function' || name === 'onChange' || name === 'onCommit' || name === 'onArrival')
          return value;
        return (...input: unknown[]) => this.around(async () => value.apply(object, input));
      },
    });
  }
}

class TroubledConsumer implements Consumer {
  constructor(
    readonly effects: Effects,
    readonly trouble: Trouble,
  ) {}

  itemsOf(entry: JournalEntry): readonly WorkItem[] {
    return entry.kind === 'event' ? [{ key: entry.stream, entry }] : [];
  }

  async handle(items: readonly WorkItem[]): Promise<readonly FailedItem[]> {
    const failed = new Map<string, FailedItem>();
    for (const item of items) {
      if (failed.has(item.key)) continue;
      await this.trouble.around(async () => {
        try {
          this.effects.apply(item);
        } catch (error) {
          failed.set(item.key, { item, error });
        }
      });
    }
    return [...failed.values()];
  }
}

/** Sees every write that went through, and complains of one by somebody who is not the last owner. */
class FencingWitness {
  readonly offences: string[] = [];
  readonly #epochs = new Map<string, number>();

  over(store: SubscriptionStore): SubscriptionStore {
    const witness = this;
    return new Proxy(store, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        return async (...input: readonly unknown[]) => {
          const answer: unknown = await value.apply(object, input);
          witness.#note(String(name), input, answer);
          return answer;
        };
      },
    });
  }

  #note(name: string, [first]: readonly unknown[], answer: unknown): void {
    if (name === 'acquire')
      for (const one of (answer as { owned: readonly Ownership[] }).owned) this.#given(one);
    if (name === 'seize') this.#given(answer as Ownership);
    if (['park', 'settleParked', 'failParked', 'discardParked'].includes(name))
      this.#wrote(name, first as Ownership, answer as FencedOr<string>);
    if (name !== 'advance') return;
    (first as { ownership: Ownership }[]).forEach(({ ownership }, index) => {
      this.#wrote(name, ownership, (answer as FencedOr<string>[])[index] as string);
    });
  }

  #given({ subscription: name, partition, epoch }: Ownership): void {
    this.#epochs.set(`${name} ${partition}`, epoch);
  }

  #wrote(call: string, { subscription: name, partition, epoch, owner }: Ownership, answer: string): void {
    if (answer === 'fenced' || epoch === this.#epochs.get(`${name} ${partition}`)) return;
    this.offences.push(`${owner} wrote ${call} in partition ${partition} under the old epoch ${epoch}`);
  }
}

interface Process {
  readonly runner: SubscriptionRunner;
  readonly trouble: Trouble;
  readonly startAgain: () => Process | Promise<Process>;
}

/** Several processes on one database, told step by step what happens to them. */
class History {
  readonly effects = new Effects();
  readonly witness = new FencingWitness();
  readonly written = new Map<string, number>();
  readonly #clock = new FakeClock();
  readonly #database: MemoryDatabase;
  readonly #store: SubscriptionStore;
  readonly #transport: MemoryTransport | undefined;
  readonly #processes: Process[] = [];
  #started = 0;

  constructor(seed: number, feed: 'journal' | 'ordered' | 'unordered') {
    this.#database = memoryDatabase({ clock: this.#clock, partitions: 2 });
    this.#store = this.witness.over(this.#database.subscriptions);
    if (feed === 'journal') return;
    const faults = {
      seed,
      duplicate: 0.2,
      drop: 0.15,
      delay: 0.1,
      reorder: 0.3,
      loseSession: 0.05,
      failPublish: 0.2,
    };
    this.#transport = memoryTransport({
      clock: this.#clock,
      ordered: feed === 'ordered',
      lockInMs: leaseInMs,
      faults,
    });
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (let index = 0; index < 2; index++) this.#processes.push(await this.#startSubscription());
    if (this.#transport !== undefined) this.#processes.push(this.#startRelay(this.#transport));
    for (const one of steps) await this.#do(one);
    await this.#settle();
  }

  /** What is still parked. */
  get parked() {
    return this.#database.subscriptions.listParked({ subscription });
  }

  async #do(one: Step): Promise<void> {
    if (one.kind === 'write') return this.#write(one.stream, one.failures);
    if (one.kind === 'advance') {
      await this.#clock.advance(one.ms);
      return;
    }
    const index = one.process % this.#processes.length;
    const { runner, trouble, startAgain } = this.#processes[index]!;
    if (one.kind === 'go-on') return trouble.goOn();
    if (one.kind === 'fail') return trouble.failIn(one.calls, one.after);
    if (one.kind === 'stall' || one.kind === 'die') trouble.stallIn(one.calls);
    // A turn that stalls goes on when its process does, in whatever has become of the world by then.
    await Promise.race([runner.turn(), this.#clock.advance(0)]);
    if (one.kind !== 'die') return;
    trouble.stallIn(0);
    this.#processes[index] = await startAgain();
  }

  async #settle(): Promise<void> {
    this.#transport?.faults.end();
    for (const { trouble } of this.#processes) trouble.end();
    for (let round = 0; round < 40; round++) {
      await this.#clock.advance(leaseInMs / 2);
      for (const { runner } of this.#processes)
        for (let turns = 0; turns < 20 && (await runner.turn()); turns++);
    }
  }

  async #write(stream: string, failures: number): Promise<void> {
    const event = {
      kind: 'event' as const,
      id: crypto.randomUUID(),
      name: 'test.Happened',
      schemaVersion: 1,
      time: new Date(this.#clock.now()).toISOString(),
      correlationId: 'c',
      causationId: 'c',
      tenant: 'default',
      subject: { id: '', roles: [] },
      source: 'spec',
      data: JSON.stringify({ failures }),
    };
    const append: AppendToStream = {
      kind: 'append',
      stream: { tenant: 'default', name: stream },
      expectedVersion: 'any',
      partitionKey: undefined,
      events: [event],
    };
    await this.#database.writeStore.commit({ entries: [append] });
    this.written.set(stream, (this.written.get(stream) ?? 0) + 1);
  }

  async #startSubscription(): Promise<Process> {
    const trouble = new Trouble();
    const consumer = new TroubledConsumer(this.effects, trouble);
    const arrivals = await this.#transport?.subscribe(topic, subscription);
    const runner = this.#runner(subscription, consumer, trouble, arrivals);
    return { runner, trouble, startAgain: () => this.#startSubscription() };
  }

  #startRelay(transport: MemoryTransport): Process {
    const trouble = new Trouble();
    const consumer = relayToTopic(trouble.in(transport), topic);
    const runner = this.#runner(relayName(topic), consumer, trouble);
    return { runner, trouble, startAgain: () => this.#startRelay(transport) };
  }

  #runner(
    name: string,
    consumer: Consumer,
    trouble: Trouble,
    arrivals?: Awaited<ReturnType<MemoryTransport['subscribe']>>,
  ) {
    return new SubscriptionRunner({
      subscription: name,
      consumer,
      store: trouble.in(this.#store),
      reader: trouble.in(this.#database.reader),
      owner: `process-${this.#started++}`,
      partitions: 2,
      clock: this.#clock,
      leaseInMs,
      limits: { maxEvents: 3, maxBytes: 100_000 },
      parking: { immediate: 0, delaysInMs: Array(20).fill(200) },
      backoff: { firstInMs: 50, mostInMs: 200 },
      ...(arrivals === undefined ? {} : { arrivals: trouble.in(arrivals) }),
    });
  }
}

describe('a subscription in any history', () => {
  for (const feed of ['journal', 'ordered', 'unordered'] as const) {
    const name =
      `promises 2, 3, 6 and 8: over the ${feed === 'journal' ? 'journal' : `${feed} transport`}, with crashes, ` +
      'faults, stalls and takeovers, each event counts once, in order, and no old owner writes';
    test(
      name,
      async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80 }), fc.nat(), async (steps, seed) => {
            const history = new History(seed, feed);
            await history.run(steps);
            expect(history.witness.offences).toEqual([]);
            for (const [stream, count] of history.written) {
              expect(history.effects.versions.get(stream)).toEqual(
                Array.from({ length: count }, (_, index) => index + 1),
              );
            }
            expect(await history.parked).toEqual([]);
          }),
          { numRuns: seeds },
        );
      },
      timeLimitInMs,
    );
  }
});

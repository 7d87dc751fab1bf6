import {
  type Clock,
  type JournalReader,
  type Pump,
  relayName,
  relayToTopic,
  type SubscriptionNotice,
  type SubscriptionOptions,
  SubscriptionRunner,
  type SubscriptionStore,
  type Transport,
  type WriteStore,
} from '@diptych/core';
import { append, envelope } from './contract-envelopes.js';
import { RecordedEffects, RecordingConsumer } from './recording-consumer.js';

const topic = 'events';
export const subscription = 'orders/v1';

/** What a subscription runs on. */
export interface SubscriptionGround {
  readonly writeStore: WriteStore;
  readonly reader: JournalReader;
  readonly store: SubscriptionStore;
  /** The program's clock. `advanceTime` moves it together with those of the stores. */
  readonly clock: Clock;
  /** Moves time on by at least that much; real clocks wait. */
  advanceTime(ms: number): Promise<void>;
  /** Resolves when what the transport has on its way to those who listen has come. Default: at once. */
  arrived?(): Promise<void>;
  /** When given, a relay publishes the journal, and subscriptions take their entries from here. */
  readonly transport?: Transport;
}

/** One process that runs the subscription. */
export interface RunningSubscription {
  readonly runner: SubscriptionRunner;
  readonly consumer: RecordingConsumer;
  readonly notices: SubscriptionNotice[];
}

/** A journal, a relay if there is a transport, and processes that run one subscription: turned by hand. */
export class SubscriptionWorld {
  readonly effects = new RecordedEffects();
  readonly #ground: SubscriptionGround;
  readonly #pumps: Pump[] = [];
  readonly #written: string[] = [];

  constructor(ground: SubscriptionGround) {
    this.#ground = ground;
  }

  /** The ids of all events written. */
  get written(): readonly string[] {
    return this.#written;
  }

  /** Adds an event to a stream. */
  async write(stream: string, data: object = {}): Promise<void> {
    const batch = append(stream, 'any', [JSON.stringify(data)]);
    const now = new Date(this.#ground.clock.now()).toISOString();
    const events = batch.events.map((event) => ({ ...event, time: now }));
    await this.#ground.writeStore.commit({ entries: [{ ...batch, events }] });
    this.#written.push(...events.map(({ id }) => id));
  }

  async send(key: string): Promise<void> {
    const command = envelope({ kind: 'command', name: 'test.Do' });
    await this.#ground.writeStore.commit({ entries: [{ kind: 'send', key, command }] });
  }

  /** A process that runs the subscription; it does nothing until it is turned. */
  async run(owner: string, options: Partial<SubscriptionOptions> = {}): Promise<RunningSubscription> {
    const { reader, store, clock, transport } = this.#ground;
    const consumer = new RecordingConsumer(this.effects);
    const notices: SubscriptionNotice[] = [];
    const name = options.subscription ?? subscription;
    const arrivals = await transport?.subscribe(topic, name);
    const runner = new SubscriptionRunner({
      subscription: name,
      consumer,
      store,
      reader,
      clock,
      owner,
      partitions: (await reader.info()).partitions,
      parking: { immediate: 0, delaysInMs: [] },
      leaseInMs: 3_000,
      observe: (notice) => notices.push(notice),
      ...(arrivals === undefined ? {} : { arrivals }),
      ...options,
    });
    if (transport !== undefined) await this.#relay(transport);
    this.#pumps.push(runner);
    return { runner, consumer, notices };
  }

  /** The process is gone, at once and without a word. */
  kill({ runner }: RunningSubscription): void {
    this.#pumps.splice(this.#pumps.indexOf(runner), 1);
  }

  /** Turns everything that runs until nothing is left to do. */
  async settle(): Promise<void> {
    for (let turns = 0, worked = true; worked; turns++) {
      if (turns > 10_000) throw new Error('This does not come to rest.');
      worked = false;
      await this.#ground.arrived?.();
      for (const pump of this.#pumps) worked = (await pump.turn()) || worked;
    }
  }

  /** Lets time pass, then settles. */
  async after(ms: number): Promise<void> {
    await this.#ground.advanceTime(ms);
    await this.settle();
  }

  async #relay(transport: Transport): Promise<void> {
    const name = relayName(topic);
    if (this.#pumps.some((pump) => pump.name === name)) return;
    const { reader, store, clock } = this.#ground;
    const partitions = (await reader.info()).partitions;
    const consumer = relayToTopic(transport, topic);
    const backoff = { firstInMs: 100, mostInMs: 1_000 };
    this.#pumps.push(
      new SubscriptionRunner({
        subscription: name,
        consumer,
        store,
        reader,
        clock,
        owner: 'relay',
        partitions,
        backoff,
      }),
    );
  }
}

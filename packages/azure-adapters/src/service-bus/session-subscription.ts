import type { ServiceBusClient, ServiceBusSessionReceiver } from '@azure/service-bus';
import type { PartitionSession, TopicSubscription } from '@diptych/core';
import { closed } from './closing.js';
import { EntityProvision } from './entity-provision.js';
import { inTime } from './in-time.js';
import { serviceBusCode, serviceBusError } from './service-bus-errors.js';
import { ServiceBusSession, type SessionSettings } from './service-bus-session.js';

/** A queue, or a topic's subscription, by the names that they have in the namespace. */
export type SessionSource =
  | { readonly queue: string; readonly topic?: undefined }
  | { readonly topic: string; readonly subscription: string };

export interface SessionSubscriptionOptions
  extends Pick<SessionSettings, 'sources' | 'lockInMs' | 'maxInFlight' | 'clock'> {
  readonly client: ServiceBusClient;
  readonly source: SessionSource;
  /** Makes the entity again, where it may be: the broker deletes subscriptions that nobody listens to. */
  readonly provide: () => Promise<void>;
}

/** How long the broker may take to give a session, or to say that it is in other hands, in milliseconds. */
const acceptInMs = 10_000;
const inOtherHands = new Set(['SessionCannotBeLocked', 'ServiceTimeout']);

/** Messages that lie in sessions, one for each partition. */
export class SessionSubscription implements TopicSubscription {
  readonly #options: SessionSubscriptionOptions;
  readonly #listeners = new Set<(partition: number) => void>();
  readonly #sessions = new Set<ServiceBusSession>();
  /** Asked of the broker, and not answered yet. */
  readonly #asked = new Set<Promise<unknown>>();
  readonly #provision: EntityProvision;
  #isClosed = false;

  constructor(options: SessionSubscriptionOptions) {
    this.#options = options;
    this.#provision = new EntityProvision(options);
  }

  async accept(partition: number): Promise<PartitionSession | undefined> {
    const asked = this.#accept(partition);
    const settled = asked.catch(() => undefined);
    this.#asked.add(settled);
    const receiver = await asked.finally(() => this.#asked.delete(settled));
    if (receiver === undefined) return undefined;
    if (this.#isClosed) {
      await closed(this.#options.clock, receiver.close());
      return undefined;
    }
    const session: ServiceBusSession = new ServiceBusSession(receiver, {
      ...this.#options,
      partition,
      onArrival: () => this.#tell(partition),
      onClosed: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  onArrival(listener: (partition: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    // A session that is given now would be held by nobody, and the SDK's timers keep a process alive for it.
    this.#isClosed = true;
    await closed(this.#options.clock, Promise.all(this.#asked));
    const sessions = [...this.#sessions];
    await Promise.all(sessions.map((session) => session.close().catch(() => undefined)));
  }

  async #accept(partition: number): Promise<ServiceBusSessionReceiver | undefined> {
    const askedAt = this.#options.clock.now();
    try {
      const receiver = await this.#answered(partition);
      if (receiver !== 'time-over') return receiver;
    } catch (error) {
      await this.#assertMayComeLater(error, partition, askedAt);
    }
    await this.#provision.maybe();
    return undefined;
  }

  async #assertMayComeLater(error: unknown, partition: number, askedAt: number): Promise<void> {
    const code = serviceBusCode(error) ?? '';
    if (inOtherHands.has(code) || (error as Error).name === 'AbortError') return;
    if (code === 'MessagingEntityNotFound' && (await this.#provision.again(askedAt))) return;
    throw serviceBusError(error, `open partition ${partition} of '${nameOf(this.#options.source)}'`);
  }

  /** The SDK looks at a signal only between its steps, and waits a minute, or for ever, within some of them. */
  async #answered(partition: number): Promise<ServiceBusSessionReceiver | 'time-over'> {
    const { clock } = this.#options;
    const giveUp = new AbortController();
    const asked = this.#ask(partition, giveUp.signal);
    const answer = await inTime(clock, acceptInMs, asked);
    if (answer === 'time-over') {
      giveUp.abort();
      void asked.then((late) => closed(clock, late.close())).catch(() => undefined);
    }
    return answer;
  }

  #ask(partition: number, abortSignal: AbortSignal): Promise<ServiceBusSessionReceiver> {
    const { client, source } = this.#options;
    const settings = {
      // Whoever works on a partition renews: a session that is held by a timer outlives its owner.
      maxAutoLockRenewalDurationInMs: 0,
      skipParsingBodyAsJson: true,
      abortSignal,
    };
    return source.topic === undefined
      ? client.acceptSession(source.queue, String(partition), settings)
      : client.acceptSession(source.topic, source.subscription, String(partition), settings);
  }

  #tell(partition: number): void {
    for (const listener of this.#listeners) listener(partition);
  }
}

function nameOf(source: SessionSource): string {
  return source.topic === undefined ? source.queue : `${source.topic}/${source.subscription}`;
}

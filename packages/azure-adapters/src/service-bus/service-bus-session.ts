import type { ServiceBusReceivedMessage, ServiceBusSessionReceiver } from '@azure/service-bus';
import { type Clock, type Delivery, DiptychError, type PartitionSession } from '@diptych/core';
import type { HeldMessage } from './held-message.js';
import { decodeMessage } from './message-codec.js';

export interface SessionSettings {
  readonly partition: number;
  readonly sources: readonly string[] | undefined;
  readonly lockInMs: number;
  readonly maxInFlight: number;
  readonly clock: Clock;
  /** Called when a message has come. */
  readonly onArrival: () => void;
}

/**
 * One session, held open: the broker pushes messages as long as fewer than `maxInFlight` are held, and `receive` takes
 * what is there. Nothing is asked of the broker in between, so that hundreds of sessions without messages cost nothing.
 *
 * A session of the SDK never comes back: when it is lost, by its lock, its link or its connection, it says so, and
 * another one is accepted.
 */
export class ServiceBusSession implements PartitionSession {
  readonly partition: number;
  readonly #receiver: ServiceBusSessionReceiver;
  readonly #settings: SessionSettings;
  /** In the order of the session. */
  readonly #held: HeldMessage[] = [];
  readonly #byDelivery = new WeakMap<Delivery, HeldMessage>();
  #renewedAt: number;
  #isLost = false;
  /** The message that a look found in the broker while nothing came, or 0. */
  #overdue = 0n;
  #cameSinceRenewal = false;

  constructor(receiver: ServiceBusSessionReceiver, settings: SessionSettings) {
    this.partition = settings.partition;
    this.#receiver = receiver;
    this.#settings = settings;
    this.#renewedAt = settings.clock.now();
    receiver.subscribe(
      {
        processMessage: (message) => this.#hold(message),
        processError: async () => this.#lose(),
      },
      { autoCompleteMessages: false, maxConcurrentCalls: settings.maxInFlight },
    );
  }

  async receive(limit: number): Promise<readonly Delivery[]> {
    if (!this.#isHeld) {
      this.#lose();
      throw new DiptychError({
        code: 'session-lost',
        message: `The session of partition ${this.partition} was lost.`,
        origin: 'infrastructure',
      });
    }
    const given: HeldMessage[] = [];
    for (const held of this.#held) {
      if (given.length === limit) break;
      if (!held.isOut) given.push(held);
    }
    for (const held of given) held.isOut = true;
    return given.map(({ delivery }) => delivery);
  }

  async settle(deliveries: readonly Delivery[]): Promise<void> {
    const done = deliveries.flatMap((delivery) => this.#byDelivery.get(delivery) ?? []);
    for (const held of done) this.#forget(held);
    if (!this.#isHeld) return;
    await Promise.all(done.map((held) => this.#complete(held)));
  }

  /** They are held by this session still: the broker need not know. */
  async abandon(): Promise<void> {
    for (const held of this.#held) held.isOut = false;
  }

  async renew(): Promise<boolean> {
    if (!this.#isHeld) return false;
    try {
      await this.#receiver.renewSessionLock();
      this.#renewedAt = this.#settings.clock.now();
      if (await this.#isSilent()) this.#lose();
    } catch {
      this.#lose();
    }
    return !this.#isLost;
  }

  async close(): Promise<void> {
    this.#lose();
    await this.#receiver.close();
  }

  // A renewal that failed is silent in the SDK, so the lock's end is watched as well.
  get #isHeld(): boolean {
    const { clock, lockInMs } = this.#settings;
    return !this.#isLost && !this.#receiver.isClosed && clock.now() < this.#renewedAt + lockInMs;
  }

  /** Resolves when the message is done with: until then it takes one of the places. */
  #hold(received: ServiceBusReceivedMessage): Promise<void> {
    const { partition, sources, onArrival } = this.#settings;
    this.#cameSinceRenewal = true;
    const { message, foreign } = { foreign: undefined, ...decodeMessage(received, partition, sources) } as {
      message?: Delivery['message'];
      foreign?: { readonly reason: string; readonly description: string };
    };
    if (message === undefined) return this.#putAside(received, foreign!);
    return new Promise((free) => {
      const delivery = { message, attempt: (received.deliveryCount ?? 0) + 1 };
      const held: HeldMessage = { received, delivery, free, isOut: false };
      this.#held.push(held);
      this.#byDelivery.set(delivery, held);
      onArrival();
    });
  }

  /** What is none of ours goes where people find it, and stops nothing. */
  async #putAside(
    received: ServiceBusReceivedMessage,
    { reason, description }: { readonly reason: string; readonly description: string },
  ): Promise<void> {
    await this.#receiver
      .deadLetterMessage(received, { deadLetterReason: reason, deadLetterErrorDescription: description })
      .catch(() => this.#lose());
  }

  /** One whose lock was lost comes again, and is recognised then. */
  async #complete({ received }: HeldMessage): Promise<void> {
    await this.#receiver.completeMessage(received).catch(() => this.#lose());
  }

  #forget(held: HeldMessage): void {
    const place = this.#held.indexOf(held);
    if (place >= 0) this.#held.splice(place, 1);
    held.free();
  }

  #lose(): void {
    this.#isLost = true;
    for (const { free } of this.#held.splice(0)) free();
    this.#settings.onArrival();
  }

  /**
   * Links have been seen that stay open and bring nothing. So where nothing came between two renewals, and nothing is
   * held, the broker is asked what it has: the same message twice means that this link is one of those.
   */
  async #isSilent(): Promise<boolean> {
    const wasQuiet = !this.#cameSinceRenewal && this.#held.length === 0;
    this.#cameSinceRenewal = false;
    if (!wasQuiet) {
      this.#overdue = 0n;
      return false;
    }
    const [waiting] = await this.#receiver.peekMessages(1);
    const number = waiting?.sequenceNumber === undefined ? 0n : BigInt(waiting.sequenceNumber.toString());
    const isSame = number !== 0n && number === this.#overdue;
    this.#overdue = number;
    return isSame;
  }
}

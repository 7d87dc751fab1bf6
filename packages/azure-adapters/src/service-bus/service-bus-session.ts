import type { ServiceBusReceivedMessage, ServiceBusSessionReceiver } from '@azure/service-bus';
import { type Clock, type Delivery, DiptychError, type PartitionSession } from '@diptych/core';
import { closed } from './closing.js';
import type { HeldMessage } from './held-message.js';
import { inTime } from './in-time.js';
import { decodeMessage, type Foreign } from './message-codec.js';

export interface SessionSettings {
  readonly partition: number;
  readonly sources: readonly string[] | undefined;
  readonly lockInMs: number;
  readonly maxInFlight: number;
  readonly clock: Clock;
  /** Called when a message has come. */
  readonly onArrival: () => void;
  /** Called when it was closed. */
  readonly onClosed: () => void;
}

/**
 * How long the broker may take to answer to a settlement or a renewal, in milliseconds. The SDK waits a minute for a
 * settlement, up to three times, whatever it was told.
 */
const answerInMs = 5_000;

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
  readonly #held = new Set<HeldMessage>();
  readonly #byDelivery = new WeakMap<Delivery, HeldMessage>();
  #renewedAt: number;
  #isLost = false;
  /** Called when it is lost: what the SDK was asked before is not answered then, until it gives up waiting. */
  readonly #onLost = new Set<() => void>();
  /** The message that a look found in the broker while nothing came. */
  #overdue: ServiceBusReceivedMessage['sequenceNumber'];
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

  get renewEveryMs(): number {
    return this.#settings.lockInMs / 3;
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
    if (!this.#isHeld) return;
    const done = deliveries.flatMap((delivery) => this.#byDelivery.get(delivery) ?? []);
    for (const held of done) this.#forget(held);
    await this.#answered(Promise.all(done.map((held) => this.#complete(held))));
  }

  /** They are held by this session still: the broker need not know. */
  async abandon(): Promise<void> {
    for (const held of this.#held) held.isOut = false;
  }

  async renew(): Promise<boolean> {
    if (!this.#isHeld) return false;
    await this.#answered(this.#holdOn());
    return !this.#isLost;
  }

  async close(): Promise<void> {
    this.#lose();
    this.#settings.onClosed();
    await closed(this.#settings.clock, this.#receiver.close());
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
    // One that was on its way when the session was lost: it comes again, to whoever has the session next.
    if (this.#isLost) return forEver();
    const decoded = decodeMessage(received, partition, sources);
    if ('foreign' in decoded) return this.#putAside(received, decoded.foreign);
    return new Promise((free) => {
      const delivery = { message: decoded.message, attempt: (received.deliveryCount ?? 0) + 1 };
      const held: HeldMessage = { received, delivery, free, isOut: false };
      this.#held.add(held);
      this.#byDelivery.set(delivery, held);
      onArrival();
    });
  }

  /** What is none of ours goes where people find it, and stops nothing. */
  async #putAside(received: ServiceBusReceivedMessage, { reason, description }: Foreign): Promise<void> {
    await this.#receiver
      .deadLetterMessage(received, { deadLetterReason: reason, deadLetterErrorDescription: description })
      .catch(() => this.#lose());
    if (this.#isLost) await forEver();
  }

  /** One whose lock was lost comes again, and is recognised then. */
  async #complete({ received }: HeldMessage): Promise<void> {
    await this.#receiver.completeMessage(received).catch(() => this.#lose());
  }

  #forget(held: HeldMessage): void {
    this.#held.delete(held);
    held.free();
  }

  /** What was not answered in time comes again, in another session, and is recognised. */
  async #answered(work: Promise<unknown>): Promise<void> {
    const answer = await inTime(this.#settings.clock, answerInMs, this.#unlessLost(work));
    if (answer === 'time-over') this.#lose();
  }

  /** Waits for work that never fails, or for the loss. A race with one promise would add to it for as long as it lasts. */
  #unlessLost(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#onLost.delete(done);
        resolve();
      };
      this.#onLost.add(done);
      void work.then(done);
    });
  }

  async #holdOn(): Promise<void> {
    try {
      // The lock lasts from when it was asked for, at the latest.
      const askedAt = this.#settings.clock.now();
      await this.#receiver.renewSessionLock();
      this.#renewedAt = askedAt;
      if (await this.#isSilent()) this.#lose();
    } catch {
      this.#lose();
    }
  }

  #lose(): void {
    this.#isLost = true;
    for (const tell of this.#onLost) tell();
    // Their places stay taken. Freed, the SDK would ask for more, and a broker that still sends some counts each time.
    this.#held.clear();
    this.#settings.onArrival();
  }

  /**
   * Links have been seen that stay open and bring nothing. So where nothing came between two renewals, and nothing is
   * held, the broker is asked what it has: the same message twice means that this link is one of those.
   */
  async #isSilent(): Promise<boolean> {
    const wasQuiet = !this.#cameSinceRenewal && this.#held.size === 0;
    this.#cameSinceRenewal = false;
    if (!wasQuiet) {
      this.#overdue = undefined;
      return false;
    }
    const before = this.#overdue;
    // Left alone, each look begins behind the one before.
    const [waiting] = await this.#receiver.peekMessages(1, {
      ...(before !== undefined && { fromSequenceNumber: before }),
    });
    this.#overdue = waiting?.state === 'active' ? waiting.sequenceNumber : undefined;
    return before !== undefined && this.#overdue?.toString() === before.toString();
  }
}

/** A new one each time: it goes with the receiver that waits for it, and one for all would remember them all. */
function forEver(): Promise<void> {
  return new Promise(() => {});
}

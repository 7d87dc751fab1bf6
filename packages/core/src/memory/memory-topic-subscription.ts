import type { PartitionSession, TopicSubscription, TransportMessage } from '../transports/transport.js';
import { MemoryPartitionSession } from './memory-partition-session.js';
import type { MemoryQueueOptions, QueuedMessage } from './memory-topic-queue.js';

/** Holds, for one subscription, what it has not been told is done with: a queue per partition. */
export class MemoryTopicSubscription implements TopicSubscription {
  readonly #options: MemoryQueueOptions;
  readonly #queues = new Map<number, QueuedMessage[]>();
  readonly #sessions = new Map<number, MemoryPartitionSession>();
  readonly #listeners = new Set<(partition: number) => void>();
  #usedAt: number;

  constructor(options: MemoryQueueOptions) {
    this.#options = options;
    this.#usedAt = options.clock.now();
  }

  async accept(partition: number): Promise<PartitionSession | undefined> {
    if (!this.#options.ordered || this.#sessions.get(partition)?.isHeld) return undefined;
    const session = new MemoryPartitionSession(partition, this.#queue(partition), this.#options);
    this.#sessions.set(partition, session);
    return session;
  }

  onArrival(listener: (partition: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** In memory a subscription outlives its receivers for a while, as it does in a broker. */
  async close(): Promise<void> {}

  /** Takes a message in, with what goes wrong on the way. */
  arrive(partition: number, message: TransportMessage): void {
    const { ordered, clock, faults } = this.#options;
    if (faults.strikes('drop')) return;
    const delayInMs = faults.strikes('delay') ? faults.delayInMs : 0;
    const tell = () => {
      for (const listener of this.#listeners) listener(partition);
    };
    // Nobody takes messages from an unordered subscription of ours: they wake readers, and that is all.
    if (ordered) this.#enqueue(partition, message, clock.now() + delayInMs);
    if (delayInMs > 0) clock.after(delayInMs, tell, { background: true });
    else tell();
  }

  /** Whether nobody has listened or held a session for that long, as far as this was asked before. */
  isIdle(forMs: number): boolean {
    const now = this.#options.clock.now();
    if (this.#listeners.size > 0 || [...this.#sessions.values()].some(({ isHeld }) => isHeld))
      this.#usedAt = now;
    return now - this.#usedAt > forMs;
  }

  /** How many messages wait or are out. */
  get size(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  #enqueue(partition: number, message: TransportMessage, notBefore: number): void {
    const queue = this.#queue(partition);
    queue.push({ message, notBefore, attempts: 0, isOut: false });
    if (this.#options.faults.strikes('duplicate')) {
      const again = queue[Math.floor(this.#options.faults.random() * queue.length)];
      queue.push({ message: (again ?? { message }).message, notBefore, attempts: 0, isOut: false });
    }
  }

  #queue(partition: number): QueuedMessage[] {
    const queue = this.#queues.get(partition) ?? [];
    this.#queues.set(partition, queue);
    return queue;
  }
}

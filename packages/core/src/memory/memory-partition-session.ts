import { DiptychError } from '../errors/diptych-error.js';
import type { Delivery, PartitionSession } from '../transports/transport.js';
import type { MemoryQueueOptions, QueuedMessage } from './memory-topic-queue.js';

/** A partition in the hands of one receiver, until its lock ends or is lost. */
export class MemoryPartitionSession implements PartitionSession {
  readonly partition: number;
  readonly #queue: QueuedMessage[];
  readonly #options: MemoryQueueOptions;
  #heldUntil: number;

  constructor(partition: number, queue: QueuedMessage[], options: MemoryQueueOptions) {
    this.partition = partition;
    this.#queue = queue;
    this.#options = options;
    this.#heldUntil = options.clock.now() + options.lockInMs;
    this.#giveBack();
  }

  get renewEveryMs(): number {
    return this.#options.lockInMs / 3;
  }

  get isHeld(): boolean {
    return this.#options.clock.now() < this.#heldUntil;
  }

  async receive(limit: number): Promise<readonly Delivery[]> {
    this.#mayBeLost();
    if (!this.isHeld) {
      throw new DiptychError({
        code: 'session-lost',
        message: `The session of partition ${this.partition} was lost.`,
        origin: 'infrastructure',
      });
    }
    const given: QueuedMessage[] = [];
    for (const queued of this.#queue) {
      if (given.length === limit || queued.notBefore > this.#options.clock.now()) break;
      if (!queued.isOut) given.push(queued);
    }
    return given.map((queued) => {
      queued.isOut = true;
      queued.attempts += 1;
      return { message: queued.message, attempt: queued.attempts };
    });
  }

  async settle(deliveries: readonly Delivery[]): Promise<void> {
    this.#mayBeLost();
    if (!this.isHeld) return;
    for (const { message } of deliveries) {
      const index = this.#queue.findIndex((queued) => queued.isOut && queued.message.id === message.id);
      if (index >= 0) this.#queue.splice(index, 1);
    }
  }

  async abandon(): Promise<void> {
    if (this.isHeld) this.#giveBack();
  }

  async renew(): Promise<boolean> {
    this.#mayBeLost();
    if (!this.isHeld) return false;
    this.#heldUntil = this.#options.clock.now() + this.#options.lockInMs;
    return true;
  }

  async close(): Promise<void> {
    if (!this.isHeld) return;
    this.#giveBack();
    this.#heldUntil = 0;
  }

  #mayBeLost(): void {
    if (this.isHeld && this.#options.faults.strikes('loseSession')) this.#heldUntil = 0;
  }

  #giveBack(): void {
    for (const queued of this.#queue) queued.isOut = false;
  }
}

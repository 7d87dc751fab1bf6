import type { Checkpoint } from '../journal/checkpoint.js';
import type { Position } from '../partitions/position.js';
import type {
  NewParkedMessage,
  ParkedFailure,
  ParkedMessage,
  ParkedState,
} from '../subscriptions/parked-message.js';

/** A parked message as it is kept. What an operator wishes stays until the owner has acted on it. */
interface Parked {
  message: NewParkedMessage;
  readonly parkedAt: number;
  dueAt: number | undefined;
  /** Nothing holds it back once it is the head: it moved up, or came without a failure. */
  free: boolean;
  wish: 'retry' | 'discard' | undefined;
}

/** One (subscription, partition): who may write, how far it has come, and what is parked. */
export class MemorySubscriptionPartition {
  owner: string | undefined;
  epoch = 0;
  leaseUntil = 0;
  checkpoint: Checkpoint | undefined;
  checkpointMovedAt: number | undefined;
  readonly #queues = new Map<string, Parked[]>();
  /** Of each queue: the highest position that has been in it. */
  readonly #highest = new Map<string, Position>();

  constructor(
    readonly subscription: string,
    readonly partition: number,
  ) {}

  isFree(now: number): boolean {
    return this.owner === undefined || this.leaseUntil <= now;
  }

  take(owner: string, leaseUntil: number): void {
    this.owner = owner;
    this.epoch += 1;
    this.leaseUntil = leaseUntil;
  }

  advance(checkpoint: Checkpoint, now: number): void {
    const { position } = this.checkpoint ?? {};
    if (position !== undefined && position > checkpoint.position) return;
    this.checkpoint = checkpoint;
    if (position !== checkpoint.position) this.checkpointMovedAt = now;
  }

  rewind(checkpoint: Checkpoint | undefined, now: number): void {
    this.checkpoint = checkpoint;
    this.checkpointMovedAt = checkpoint === undefined ? undefined : now;
  }

  get gatedKeys(): ReadonlySet<string> {
    return new Set(this.#queues.keys());
  }

  park(message: NewParkedMessage, now: number): void {
    const queue = this.#queues.get(message.key) ?? [];
    const highest = this.#highest.get(message.key);
    // Nearly always it is a later one; a long queue is searched only for a repeat.
    const mayBeKnown = highest !== undefined && message.position <= highest;
    if (mayBeKnown && queue.some((parked) => parked.message.position === message.position)) return;
    const free = queue.length === 0 && message.failure === undefined;
    queue.push({ message, parkedAt: now, dueAt: dueAt(message.failure, now), free, wish: undefined });
    this.#queues.set(message.key, queue);
    if (!mayBeKnown) this.#highest.set(message.key, message.position);
  }

  /** Takes the head away, if it is still the one meant. */
  takeHead(key: string, position: Position): 'settled' | 'gate-lifted' {
    const queue = this.#queues.get(key);
    if (queue === undefined) return 'gate-lifted';
    if (queue[0]?.message.position !== position) return 'settled';
    queue.shift();
    const next = queue[0];
    if (next === undefined) {
      this.#queues.delete(key);
      this.#highest.delete(key);
      return 'gate-lifted';
    }
    next.free = true;
    return 'settled';
  }

  fail(key: string, position: Position, failure: ParkedFailure, now: number): void {
    const head = this.#head(key, position);
    if (head === undefined) return;
    head.message = { ...head.message, failure };
    head.dueAt = dueAt(failure, now);
    head.free = false;
    if (head.wish === 'retry') head.wish = undefined;
  }

  /** Notes an operator's wish; false when there is no such head, or an earlier wish has not been acted on yet. */
  wish(key: string, position: Position, wish: 'retry' | 'discard'): boolean {
    const head = this.#head(key, position);
    if (head === undefined || head.wish !== undefined) return false;
    head.wish = wish;
    return true;
  }

  ready(now: number, limit: number): ParkedMessage[] {
    return [...this.#queues.values()]
      .flatMap(([head]) => (head === undefined ? [] : this.#described(head, headState(head, now))))
      .filter(({ state }) => state === 'ready' || state === 'discarding')
      .sort((one, other) => (one.position < other.position ? -1 : 1))
      .slice(0, limit);
  }

  nextDueInMs(now: number): number | undefined {
    const dues = [...this.#queues.values()].flatMap(([head]) =>
      head?.wish || head?.free ? [] : (head?.dueAt ?? []),
    );
    return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues) - now);
  }

  parked(now: number): ParkedMessage[] {
    return [...this.#queues.values()].flatMap((queue) =>
      queue.map((parked, index) => this.#described(parked, index === 0 ? headState(parked, now) : 'waiting')),
    );
  }

  #described(parked: Parked, state: ParkedState): ParkedMessage {
    return {
      ...parked.message,
      subscription: this.subscription,
      partition: this.partition,
      state,
      parkedAt: new Date(parked.parkedAt).toISOString(),
      dueAt: parked.dueAt === undefined ? undefined : new Date(parked.dueAt).toISOString(),
    };
  }

  #head(key: string, position: Position): Parked | undefined {
    const head = this.#queues.get(key)?.[0];
    return head?.message.position === position ? head : undefined;
  }
}

function dueAt(failure: ParkedFailure | undefined, now: number): number | undefined {
  return failure?.delayInMs === undefined ? undefined : now + failure.delayInMs;
}

function headState(head: Parked, now: number): ParkedState {
  if (head.wish === 'discard') return 'discarding';
  if (head.wish === 'retry' || head.free) return 'ready';
  if (head.dueAt === undefined) return 'held';
  return head.dueAt <= now ? 'ready' : 'delayed';
}

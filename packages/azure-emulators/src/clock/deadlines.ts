import { SortedTree } from '../sorted-tree/sorted-tree.js';
import type { Clock } from './clock.js';

/** Something that happens at a time unless it is cancelled. */
export interface Deadline {
  readonly at: number;
  readonly order: number;
  readonly due: () => void;
}

/**
 * Any number of deadlines on one timer of the clock. Cancelled ones are forgotten at once, so that a million short
 * locks with long durations take no memory.
 */
export class Deadlines {
  private readonly waiting = new SortedTree<Deadline, true>(
    undefined,
    (a, b) => a.at - b.at || a.order - b.order,
  );
  private order = 0;
  private wakeAt = Number.POSITIVE_INFINITY;
  private cancelWake = () => {};

  constructor(private readonly clock: Clock) {}

  set(at: number, due: () => void): Deadline {
    const deadline = { at, order: this.order++, due };
    this.waiting.set(deadline, true);
    if (at < this.wakeAt) this.wake(at);
    return deadline;
  }

  cancel(deadline: Deadline | undefined): void {
    if (deadline !== undefined) this.waiting.delete(deadline);
  }

  stop(): void {
    this.waiting.clear();
    this.cancelWake();
  }

  private wake(at: number): void {
    this.cancelWake();
    this.wakeAt = at;
    this.cancelWake = this.clock.after(Math.max(0, at - this.clock.now()), () => this.run());
  }

  private run(): void {
    this.wakeAt = Number.POSITIVE_INFINITY;
    for (let next = this.waiting.minKey(); next !== undefined; next = this.waiting.minKey()) {
      // A timer of the machine may fire a moment early.
      if (next.at > this.clock.now()) {
        this.wake(next.at);
        return;
      }
      this.waiting.delete(next);
      next.due();
    }
  }
}

import type { Clock } from './clock.js';

/** One message's time limit, until it is cancelled. */
export interface Deadline {
  readonly due: number;
  readonly expire: () => void;
  before: Deadline | undefined;
  behind: Deadline | undefined;
  over: boolean;
}

/**
 * Time limits of one length. They come due in the order they were set, so one timer, for the first, serves them
 * all: a timer each would cost more than most handlers. It does not keep the process alive.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #limitInMs: number;
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #armed = false;

  constructor(clock: Clock, limitInMs: number) {
    this.#clock = clock;
    this.#limitInMs = limitInMs;
  }

  /** Calls `expire` when the limit is over, counted from now, unless it is cancelled before. */
  set(expire: () => void): Deadline {
    const due = this.#clock.now() + this.#limitInMs;
    const deadline: Deadline = { due, expire, before: this.#last, behind: undefined, over: false };
    if (this.#last === undefined) this.#first = deadline;
    else this.#last.behind = deadline;
    this.#last = deadline;
    if (!this.#armed) this.#arm(this.#limitInMs);
    return deadline;
  }

  cancel(deadline: Deadline): void {
    if (deadline.over) return;
    deadline.over = true;
    const { before, behind } = deadline;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
  }

  // The timer stays when the list runs empty: the next message would only set it again.
  #arm(delayInMs: number) {
    this.#armed = true;
    this.#clock.after(delayInMs, () => this.#turn(), { background: true });
  }

  #turn() {
    this.#armed = false;
    const now = this.#clock.now();
    while (this.#first !== undefined && this.#first.due <= now) {
      const { expire } = this.#first;
      this.cancel(this.#first);
      expire();
    }
    if (this.#first !== undefined && !this.#armed) this.#arm(this.#first.due - now);
  }
}

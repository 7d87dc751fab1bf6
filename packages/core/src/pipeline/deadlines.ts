import type { Clock } from '../clock/clock.js';

/** One message's time limit, until it is cancelled. */
export interface Deadline {
  readonly due: number;
  expire: (() => void) | undefined;
  next: Deadline | undefined;
}

/**
 * Time limits of one length. They come due in the order they were set, so one timer, for the first, serves them
 * all: a timer each would cost more than most handlers.
 */
export class Deadlines {
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #armed = false;

  constructor(
    private readonly clock: Clock,
    private readonly limitInMs: number,
  ) {}

  set(expire: () => void): Deadline {
    // What is over already at the head would otherwise be kept until the timer fires.
    while (this.#first !== undefined && this.#first.expire === undefined) this.#first = this.#first.next;
    const deadline: Deadline = { due: this.clock.now() + this.limitInMs, expire, next: undefined };
    if (this.#first === undefined) this.#first = deadline;
    else this.#last!.next = deadline;
    this.#last = deadline;
    if (!this.#armed) this.#arm(this.limitInMs);
    return deadline;
  }

  cancel(deadline: Deadline): void {
    deadline.expire = undefined;
  }

  #arm(delayInMs: number) {
    this.#armed = true;
    this.clock.after(delayInMs, () => this.#turn(), { background: true });
  }

  #turn() {
    this.#armed = false;
    const now = this.clock.now();
    while (this.#first !== undefined && (this.#first.expire === undefined || this.#first.due <= now)) {
      const { expire } = this.#first;
      this.#first.expire = undefined;
      this.#first = this.#first.next;
      expire?.();
    }
    if (this.#first !== undefined && !this.#armed) this.#arm(Math.max(0, this.#first.due - now));
  }
}

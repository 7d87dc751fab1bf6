import type { Clock } from '../../clock/clock.js';
import type { DiptychError } from '../../errors/diptych-error.js';
import { TimeLimitError } from '../../errors/infrastructure-errors.js';
import { type Abortable, LightSignal } from '../../pipeline/abortable.js';
import { throwIfAborted, untilAborted } from '../../pipeline/until-aborted.js';

export interface FlightOptions {
  readonly wireName: string;
  readonly clock: Clock;
  readonly limitInMs: number;
}

/**
 * One piece of work that several wait for. Whoever leaves leaves the others waiting; when the last has gone, or its time
 * is over, it is given up.
 */
export class Flight<T> {
  readonly begunAt: number;
  /** What it fails with when its own time is over, which is not that of those who came later. */
  readonly over: DiptychError;
  /** Aborted when it is given up. */
  readonly signal = new LightSignal();
  readonly #end: Promise<T>;
  #waiting = 0;

  constructor({ wireName, clock, limitInMs }: FlightOptions, work: (signal: Abortable) => Promise<T>) {
    this.begunAt = clock.now();
    this.over = new TimeLimitError(`'${wireName}' took longer than ${limitInMs} ms.`, {
      wireName,
      limitInMs,
    });
    const cancel = clock.after(limitInMs, () => this.signal.abort(this.over), { background: true });
    this.#end = work(this.signal).finally(cancel);
    // Everybody who waits is told; perhaps nobody does any more.
    this.#end.catch(() => undefined);
  }

  async join(waiter: Abortable): Promise<T> {
    throwIfAborted(waiter);
    this.#waiting++;
    const leave = () => {
      this.#waiting--;
      if (this.#waiting === 0) this.signal.abort(waiter.reason);
    };
    waiter.addEventListener('abort', leave, { once: true });
    try {
      return await untilAborted(this.#end, waiter);
    } finally {
      waiter.removeEventListener('abort', leave);
    }
  }
}

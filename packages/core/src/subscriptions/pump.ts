import type { Clock } from '../clock/clock.js';

/**
 * Work that goes on for ever in small rounds. A round never waits for time to pass, so a test can turn it by hand
 * and knows when nothing is left to do.
 */
export interface Pump {
  /** What `app.describe()` and logs call it. */
  readonly name: string;
  /** Does one bounded round of work. Resolves whether anything was done. Never rejects. */
  turn(): Promise<boolean>;
  /** How long the loop may wait for a call of `wake` before it turns again, in milliseconds. */
  waitInMs(): number;
  /**
   * How long until work that is known becomes due, in milliseconds: a retry, a schedule; `undefined` when none is.
   * Beside `waitInMs`, which also counts what is only looked at now and then.
   */
  dueInMs?(): number | undefined;
}

/** How long rounds may follow one another before others in the process get the event loop. */
const maxHoldInMs = 10;

/** Turns a pump until it is stopped: at once while there is work, else when woken or when its time has come. */
export class PumpLoop {
  readonly #pump: Pump;
  readonly #clock: Clock;
  #running: Promise<void> | undefined;
  #stopping = false;
  #woken = false;
  #interrupt: (() => void) | undefined;

  constructor(pump: Pump, clock: Clock) {
    this.#pump = pump;
    this.#clock = clock;
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#stopping = false;
    this.#running = this.#run();
  }

  /** There may be work. */
  wake(): void {
    this.#woken = true;
    this.#interrupt?.();
  }

  /** Resolves when the round in hand has ended; no other follows. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#interrupt?.();
    await this.#running;
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    let heldSince = performance.now();
    while (!this.#stopping) {
      this.#woken = false;
      const worked = await this.#pump.turn();
      if (!worked && !this.#woken && !this.#stopping) await this.#wait();
      else if (performance.now() - heldSince > maxHoldInMs) await othersTurn();
      else continue;
      heldSince = performance.now();
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const turnAgain = () => this.#interrupt?.();
      const due = this.#pump.dueInMs?.();
      const stopPoll = this.#clock.after(this.#pump.waitInMs(), turnAgain, { isPoll: true });
      const stopDue = due === undefined ? undefined : this.#clock.after(due, turnAgain);
      this.#interrupt = () => {
        this.#interrupt = undefined;
        stopPoll();
        stopDue?.();
        resolve();
      };
    });
  }
}

/** Lets input, output and timers of the process run: a chain of promises alone would keep them waiting. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

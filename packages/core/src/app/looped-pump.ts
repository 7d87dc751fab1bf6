import type { Clock } from '../clock/clock.js';
import { type Pump, PumpLoop } from '../subscriptions/pump.js';
import type { BackgroundPump } from './background-pump.js';

/** Gives a pump that knows only its turns a loop that takes them. */
export class LoopedPump implements BackgroundPump {
  readonly name: string;
  readonly #pump: Pump & { stop(): Promise<void> };
  readonly #loop: PumpLoop;

  constructor(pump: Pump & { stop(): Promise<void> }, clock: Clock) {
    this.name = pump.name;
    this.#pump = pump;
    this.#loop = new PumpLoop(pump, clock);
  }

  turn(): Promise<boolean> {
    return this.#pump.turn();
  }

  waitInMs(): number {
    return this.#pump.waitInMs();
  }

  dueInMs(): number | undefined {
    return this.#pump.dueInMs?.();
  }

  /** There may be work: the loop turns at once. */
  wake(): void {
    this.#loop.wake();
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#pump.stop();
  }
}

import type { FuseSetting, Step } from '../step.js';

export interface FuseOptions {
  /** Called when the process goes on after it has stood still. */
  readonly onStalled: () => void;
}

/** Ends this process at a step, at once and without a word, or makes it stand still there. */
export class Fuse {
  #setting: FuseSetting | undefined;
  #left = 0;
  readonly #options: FuseOptions;

  constructor(options: FuseOptions) {
    this.#options = options;
  }

  set(setting: FuseSetting | undefined): void {
    this.#setting = setting;
    this.#left = setting?.letBy ?? 0;
  }

  pass(step: Step): void {
    if (this.#setting?.step !== step) return;
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    const { fate } = this.#setting;
    this.#setting = undefined;
    if (fate.kind === 'die') {
      process.kill(process.pid, 'SIGKILL');
      // Until the signal has come, not one line more may run.
      standStill(60_000);
    }
    if (fate.kind === 'stall') {
      standStill(fate.forMs);
      this.#options.onStalled();
    }
  }
}

/** The whole process, as when the machine is busy with something else. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

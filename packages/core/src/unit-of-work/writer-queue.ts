/** Gives back what was taken. Calling it again does nothing. */
export type Release = () => void;

/** One writer at a time, in the order they came: what a store with a single writer puts before its transactions. */
export class WriterQueue {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  get isTaken(): boolean {
    return this.#taken;
  }

  /** Takes the writer at once if it is free. */
  tryTake(): Release | undefined {
    if (this.#taken) return undefined;
    this.#taken = true;
    return this.#release();
  }

  /** Resolves when it is this caller's turn. */
  async take(): Promise<Release> {
    const free = this.tryTake();
    if (free !== undefined) return free;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#release();
  }

  // Handed over without ever being free in between, so that nobody overtakes those who wait.
  #release(): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken = false;
      else next();
    };
  }
}

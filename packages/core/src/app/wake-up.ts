/** Somebody to wake who may not be there yet. */
export class WakeUp {
  readonly #sleepers = new Set<() => void>();

  /** Calls `wake` at each call from now on. */
  onCall(wake: () => void): void {
    this.#sleepers.add(wake);
  }

  call(): void {
    for (const wake of this.#sleepers) wake();
  }
}

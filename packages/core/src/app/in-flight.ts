import { DiptychError } from '../errors/diptych-error.js';

/** Counts what is being handled, so that stopping can wait for it. */
export class InFlight {
  #count = 0;
  #closed = false;
  readonly #waiting: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  /** @throws DiptychError `app-stopped` (as a rejection) once closed. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(appStopped());
    this.#count++;
    try {
      return work().then(
        (result) => {
          this.#done();
          return result;
        },
        (error: unknown) => {
          this.#done();
          throw error;
        },
      );
    } catch (error) {
      // What throws instead of rejecting would be waited for by `empty` for ever.
      this.#done();
      return Promise.reject(error);
    }
  }

  /** Lets nothing more in. */
  close(): void {
    this.#closed = true;
  }

  /** Resolves when nothing is being handled. */
  async empty(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #done(): void {
    this.#count--;
    if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function appStopped(): DiptychError {
  return new DiptychError({
    code: 'app-stopped',
    message: 'The app is stopping and takes no more messages.',
    retryable: true,
    origin: 'infrastructure',
  });
}

/** A process that stops for ever at a certain call of its stores or handlers. */
export class Dying {
  #left: number;
  #die = () => {};
  /** What its stores have been asked, and have not answered: that happens, though nobody hears of it. */
  readonly #asked = new Set<Promise<unknown>>();
  readonly death = new Promise<void>((resolve) => {
    this.#die = resolve;
  });

  constructor(calls: number) {
    this.#left = calls;
  }

  get isDead(): boolean {
    return this.#left < 0;
  }

  async call(): Promise<void> {
    if (this.#left-- > 0) return;
    this.#die();
    await new Promise(() => {});
  }

  /** Resolves when nothing that it began is under way any more. */
  async landed(): Promise<void> {
    await Promise.allSettled(this.#asked);
  }

  in<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function' || name === 'onChange' || name === 'onCommit') return value;
        return async (...input: unknown[]) => {
          await this.call();
          return this.#asking(value.apply(object, input) as Promise<unknown>);
        };
      },
    });
  }

  async #asking(answer: Promise<unknown>): Promise<unknown> {
    this.#asked.add(answer);
    try {
      return await answer;
    } finally {
      this.#asked.delete(answer);
    }
  }
}

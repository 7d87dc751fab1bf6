/** A process that stops for ever at a certain call of its stores or handlers. */
export class Dying {
  #left: number;
  #die = () => {};
  readonly death = new Promise<void>((resolve) => {
    this.#die = resolve;
  });

  constructor(calls: number) {
    this.#left = calls;
  }

  async call(): Promise<void> {
    if (this.#left-- > 0) return;
    this.#die();
    await new Promise(() => {});
  }

  in<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function' || name === 'onChange' || name === 'onCommit') return value;
        return async (...input: unknown[]) => {
          await this.call();
          return value.apply(object, input) as unknown;
        };
      },
    });
  }
}

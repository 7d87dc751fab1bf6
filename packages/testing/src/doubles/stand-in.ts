/**
 * The same object, with other answers to some of its methods: a store that fails at the third write, a reader that is
 * behind. What the object keeps private stays its own.
 */
export function standIn<T extends object>(target: T, answers: Partial<T>): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(name in answers ? answers : object, name);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}

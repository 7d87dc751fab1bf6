/** The same object, with other answers to some of its methods. */
export function standIn<T extends object>(target: T, answers: Partial<T>): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(name in answers ? answers : object, name);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}

/** The same object, with some of its methods replaced. What it keeps private stays its own. */
export function around<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(_target, name) {
      const own = Reflect.get(replaced, name);
      if (own !== undefined) return own;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

import { type SubscriptionStore, UnavailableError } from '@diptych/core';

/** The same store for a process that dies each time before it has written a checkpoint. */
export function failingCheckpoints(store: SubscriptionStore): SubscriptionStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'advance') return () => Promise.reject(new UnavailableError('The process is gone.'));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

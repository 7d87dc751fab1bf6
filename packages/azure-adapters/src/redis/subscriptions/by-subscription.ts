/** Parts a list by the subscriptions of what is in it; each part is in the order of the list. */
export function bySubscription<T>(
  list: readonly T[],
  subscriptionOf: (one: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const parts = new Map<string, T[]>();
  for (const one of list) {
    const subscription = subscriptionOf(one);
    const part = parts.get(subscription);
    if (part === undefined) parts.set(subscription, [one]);
    else part.push(one);
  }
  return parts;
}

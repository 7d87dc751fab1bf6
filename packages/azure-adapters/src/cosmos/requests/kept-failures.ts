/**
 * Why requests failed, by the options that they were made with. The SDK makes an error of its own of a batch's failure,
 * which says no more than the text.
 */
const kept = new WeakMap<object, unknown>();

export function keepFailure(options: object, error: unknown): void {
  kept.set(options, error);
}

export function failureOf(options: object): unknown {
  return kept.get(options);
}

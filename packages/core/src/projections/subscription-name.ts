import type { Copy } from '../read-models/read-model-store.js';

/** The subscription that feeds a copy: `name/v1`, and `name/v1/g2` for generations after the first. */
export function subscriptionNameOf({ model, version, generation }: Copy): string {
  return generation === 1 ? `${model}/v${version}` : `${model}/v${version}/g${generation}`;
}

/** The subscription under which the sweeps of a copy keep their progress: it has one partition, and reads nothing. */
export function sweepNameOf(copy: Copy): string {
  return `sweep/${subscriptionNameOf(copy)}`;
}

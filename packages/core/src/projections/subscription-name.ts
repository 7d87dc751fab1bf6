import type { Copy } from '../read-models/read-model-store.js';

/** The subscription that feeds a copy: `name/v1`, and `name/v1/g2` for generations after the first. */
export function subscriptionNameOf({ model, version, generation }: Copy): string {
  return generation === 1 ? `${model}/v${version}` : `${model}/v${version}/g${generation}`;
}

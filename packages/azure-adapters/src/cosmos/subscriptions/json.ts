import type { JSONObject } from '@azure/cosmos';

/** An item as the SDK's types want it, without what the service adds to those that it gives. */
export function json(item: object): JSONObject {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !name.startsWith('_')));
}

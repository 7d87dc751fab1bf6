import { murmur3 } from '@diptych/core';

const plain = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/;
const forbidden = /[^A-Za-z0-9_-]+/g;

/** The service's limits. */
export const longestPath = 260;
export const longestSubscription = 50;

/**
 * The name of an entity for a name of ours: itself where the service takes it, else what the service takes of it, and
 * a hash that tells it from others. `order-details/v1` becomes `order-details-v1-` and eight digits.
 */
export function entityName(name: string, longest: number): string {
  if (name.length <= longest && plain.test(name)) return name;
  const hash = murmur3(name).toString(16).padStart(8, '0');
  const kept = name
    .replace(forbidden, '-')
    .replace(/^[-_]+/, '')
    .slice(0, longest - hash.length - 1)
    .replace(/[-_]+$/, '');
  return kept === '' ? `n-${hash}` : `${kept}-${hash}`;
}

import { definitionOf } from '@diptych/core';

/** A message as what it is on every wire: its name and its data. Two of one name and data are the same. */
export function comparable(message: object): { readonly name: string; readonly data: unknown } {
  return {
    name: definitionOf(message)?.wireName ?? '',
    data: JSON.parse(JSON.stringify(message)) as unknown,
  };
}

import { createHash } from 'node:crypto';

/** What ids and keys of items may be made of, and stands for itself in an address. */
const plain = /^\w[\w.:@+,-]{0,99}$/;

/** The name of any text in ids and partition keys, which may neither be long nor hold every character. */
export function itemName(text: string): string {
  return plain.test(text) ? text : `=${digestOf(text)}`;
}

export function digestOf(text: string): string {
  // As JSON, halves of surrogate pairs stay different from one another.
  return createHash('sha256').update(JSON.stringify(text)).digest('base64url');
}

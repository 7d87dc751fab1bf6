import { createHash } from 'node:crypto';
import type { DocumentId } from '@diptych/core';

/** The longest key that the service takes. */
const maxKeyLength = 1_024;

/**
 * The key of a document: of letters, digits, `_`, `-` and `=` only, and another one for each tenant and id. A long id
 * goes as its hash; entries have tenant and id in fields of their own.
 */
export function keyOf({ tenant, name }: DocumentId): string {
  // No letter of it is `=`, and no UTF-8 begins so that the first one is `_`, which the service does not take.
  const key = `${encoded(tenant)}=${encoded(name)}`;
  if (key.length <= maxKeyLength) return key;
  const hash = createHash('sha256')
    .update(JSON.stringify([tenant, name]))
    .digest('base64url');
  return `hash==${hash}`;
}

/**
 * A number made of a key: whole, and exact in JSON. It stands for the key where the service compares numbers alone. Two
 * keys hardly ever have the same, and may.
 */
export function keyNumberOf(key: string): number {
  const hash = createHash('sha256').update(key).digest('hex');
  return Number.parseInt(hash.slice(0, keyNumberDigits), 16);
}

/** In base 16: 52 bits. */
const keyNumberDigits = 13;

/** A text with half a character in it (a lone surrogate) has no UTF-8, and so no key of its own. */
export function hasKey({ tenant, name }: DocumentId): boolean {
  return !loneSurrogate.test(tenant) && !loneSurrogate.test(name);
}

const loneSurrogate = /\p{Surrogate}/u;

function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

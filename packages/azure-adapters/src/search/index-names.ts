import { createHash } from 'node:crypto';
import { type Copy, ProgrammingError } from '@diptych/core';

const prefixShape = /^[a-z][a-z0-9]{0,19}$/;
/** What may stand in an index's name as it is. */
const plainModel = /^(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** @throws ProgrammingError `option-invalid`. */
export function requirePrefix(prefix: string): string {
  if (prefixShape.test(prefix)) return prefix;
  throw new ProgrammingError(
    'option-invalid',
    `\`prefix\` is '${prefix}'; it must be a small letter with up to 19 small letters and digits.`,
    { option: 'prefix' },
  );
}

/**
 * The index of a copy: small letters, digits and single dashes, at most 128 characters, and another one for each copy.
 * The prefix has no dash, and the end tells version, generation and whether the model stands there as it is.
 */
export function indexNameOf(prefix: string, copy: Copy): string {
  return `${indexNamesOf(prefix, copy)}${copy.generation}`;
}

/** How the names of all generations of a version begin. */
export function indexNamesOf(prefix: string, { model, version }: Omit<Copy, 'generation'>): string {
  return plainModel.test(model)
    ? `${prefix}-${model}-v${version}-g`
    : `${prefix}-${readable(model)}${hashOf(model)}-v${version}-h`;
}

function readable(model: string): string {
  const words = model
    .toLowerCase()
    .slice(0, 60)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return words.map((word) => `${word}-`).join('');
}

function hashOf(model: string): string {
  return createHash('sha256').update(model).digest('hex').slice(0, 32);
}

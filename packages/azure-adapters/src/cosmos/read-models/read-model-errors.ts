import type { DiptychError } from '@diptych/core';
import { cosmosError } from '../requests/cosmos-errors.js';

export function readError(error: unknown): DiptychError {
  return cosmosError(error, { doing: 'read documents' });
}

/** Whether an unanswered write was made is for whoever reads the document again: its marks tell. */
export function writeError(error: unknown): DiptychError {
  return cosmosError(error, { doing: 'write documents' });
}

export function copiesError(error: unknown): DiptychError {
  return cosmosError(error, { doing: 'change the copies of a read model', writes: true });
}

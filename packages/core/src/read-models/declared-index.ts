import { ProgrammingError } from '../errors/programming-errors.js';
import type { FieldValues, FindOptions, ReadModelDefinition, ReadModelIndex } from './read-model.js';

/** How many documents a page holds unless a query says otherwise, and how many at most. */
export const defaultPageSize = 100;
export const maxPageSize = 1_000;

/**
 * For stores: the index that a query names, once it is sure that the query fits it.
 * @throws ProgrammingError `index-unknown`, `index-fields`.
 */
export function requireIndex(
  definition: ReadModelDefinition,
  name: string,
  values: FieldValues,
): ReadModelIndex {
  const index = Object.hasOwn(definition.indexes, name) ? definition.indexes[name] : undefined;
  if (index === undefined) {
    throw new ProgrammingError(
      'index-unknown',
      `Read model '${definition.model}' declares no index '${name}'.`,
      {
        model: definition.model,
        index: name,
      },
    );
  }
  const asked = Object.keys(values);
  if (asked.length !== index.by.length || !index.by.every((field) => Object.hasOwn(values, field))) {
    throw new ProgrammingError(
      'index-fields',
      `Index '${name}' of read model '${definition.model}' is by ${index.by.join(', ')}; asked was ${asked.join(', ')}.`,
      { model: definition.model, index: name, by: index.by },
    );
  }
  return index;
}

/**
 * For stores: how many documents a page holds.
 * @throws ProgrammingError `page-limit` when it is not a whole number from 1 to 1,000.
 */
export function pageSizeOf({ limit = defaultPageSize }: FindOptions): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPageSize) return limit;
  throw new ProgrammingError('page-limit', `A page holds 1 to ${maxPageSize} documents, not ${limit}.`, {
    limit,
  });
}

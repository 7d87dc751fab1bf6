import {
  ProgrammingError,
  type ProjectionSource,
  projectionRegistrationOf,
  type ReadModel,
} from '@diptych/core';
import { requireIndexHandle } from './index-handle.js';
import type { SearchDeclaration } from './search-declaration.js';
import type { AnySearchFields, SearchField, SearchFields } from './search-field.js';
import { SearchModel } from './search-model.js';

/** What an index of a projection holds. */
export interface SearchIndexOptions<Fields> {
  readonly fields: Fields;
}

/** The index of a projection, as it is declared beside it. */
export class DeclaredSearchIndex<Document, Fields> implements SearchDeclaration {
  readonly model: string;
  readonly fields: AnySearchFields;

  constructor(model: string, fields: AnySearchFields) {
    this.model = model;
    this.fields = fields;
  }

  /** For query handlers: what their read model's index can be asked. */
  in(model: ReadModel<Document>): SearchModel<Document, Fields> {
    return new SearchModel(model, () => requireIndexHandle(model, this.model));
  }
}

const nameShape = /^[A-Za-z]\w{0,127}$/;
const reserved = /^(diptych|azuresearch)/i;

/**
 * Declares which fields of a projection's documents are kept in its index, and what can be done with them. Raise the
 * projection's version when they change.
 * @throws ProgrammingError `search-field` for a field that no index can have.
 */
export function searchIndex<Document extends object, const Fields extends SearchFields<Document>>(
  source: ProjectionSource<Document>,
  options: SearchIndexOptions<Fields & { readonly [Name in Exclude<keyof Fields, keyof Document>]: never }>,
): DeclaredSearchIndex<Document, Fields> {
  const { name } = projectionRegistrationOf(source);
  const fields = options.fields as AnySearchFields;
  for (const [field, declared] of Object.entries(fields)) requireField(name, field, declared);
  return new DeclaredSearchIndex(name, fields);
}

function requireField(model: string, name: string, { type, searchable, sortable }: SearchField): void {
  const why = !nameShape.test(name)
    ? 'its name must be a letter with up to 127 letters, digits and _'
    : reserved.test(name)
      ? 'names that begin so are taken'
      : searchable && type !== 'text' && type !== 'texts'
        ? 'only texts are searchable'
        : sortable && type === 'texts'
          ? 'a list of texts is not sortable'
          : undefined;
  if (why === undefined) return;
  throw new ProgrammingError('search-field', `Field '${name}' of '${model}' cannot be in an index: ${why}.`, {
    model,
    field: name,
  });
}

import type { AnySearchFields } from './search-field.js';

/** What an index of a projection holds, without the types of its documents. */
export interface SearchDeclaration {
  readonly model: string;
  readonly fields: AnySearchFields;
}

/**
 * How a field of a document is kept in an index: `text`, `texts` (a list of them), `integer`, `number`, `boolean`, or
 * `date`, a text such as `2030-01-31T12:00:00Z`.
 */
export type SearchFieldType = 'text' | 'texts' | 'integer' | 'number' | 'boolean' | 'date';

/** The types that fit a field's values. */
type SearchTypeFor<Value> = [NonNullable<Value>] extends [string]
  ? 'text' | 'date'
  : [NonNullable<Value>] extends [number]
    ? 'integer' | 'number'
    : [NonNullable<Value>] extends [boolean]
      ? 'boolean'
      : [NonNullable<Value>] extends [readonly string[]]
        ? 'texts'
        : never;

/** What can be done with a field. Each is false unless it is said. */
export interface SearchField<Type extends SearchFieldType = SearchFieldType> {
  readonly type: Type;
  /** Its words are found: for `text` and `texts`. */
  readonly searchable?: boolean | undefined;
  /** Filters may compare it. */
  readonly filterable?: boolean | undefined;
  /** What is found may be ordered by it; not for `texts`. */
  readonly sortable?: boolean | undefined;
  /** Its values can be counted. */
  readonly facetable?: boolean | undefined;
  /** How words are taken from it, by a name of the service: `en.microsoft`. Default: the service's standard. */
  readonly analyzer?: string | undefined;
}

/** The fields of a document that an index has. The others stay where the document is kept. */
export type SearchFields<Document> = {
  readonly [Name in keyof Document & string]?: SearchField<SearchTypeFor<Document[Name]>>;
};

export type AnySearchFields = Readonly<Record<string, SearchField>>;

/** The names of those fields of which something can be done. */
export type FieldsThatAre<Fields, Ability extends keyof SearchField> = {
  [Name in keyof Fields & string]: Fields[Name] extends { readonly [A in Ability]: true } ? Name : never;
}[keyof Fields & string];

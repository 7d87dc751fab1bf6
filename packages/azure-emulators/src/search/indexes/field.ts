/** What a field holds, one of them or many. */
export type FieldKind = 'string' | 'int32' | 'int64' | 'double' | 'boolean' | 'date' | 'complex';

export const abilities = ['retrievable', 'searchable', 'filterable', 'sortable', 'facetable'] as const;
export type Ability = (typeof abilities)[number];

export interface Field {
  readonly name: string;
  /** From the document on: `address/city`. */
  readonly path: string;
  /** As it was named: `Collection(Edm.String)`. */
  readonly type: string;
  readonly kind: FieldKind;
  readonly isCollection: boolean;
  /** Whether it, or what it is in, is a collection, so that a document may have many values of it. */
  readonly isMany: boolean;
  readonly isKey: boolean;
  readonly can: Readonly<Record<Ability, boolean>>;
  readonly indexAnalyzer: string;
  readonly searchAnalyzer: string;
  /** What a complex one has in it. */
  readonly fields: readonly Field[];
}

const kinds: Readonly<Record<string, FieldKind>> = {
  'Edm.String': 'string',
  'Edm.Int32': 'int32',
  'Edm.Int64': 'int64',
  'Edm.Double': 'double',
  'Edm.Boolean': 'boolean',
  'Edm.DateTimeOffset': 'date',
  'Edm.ComplexType': 'complex',
};

/** `undefined` for a type that there is not. */
export function typeNamed(type: string): { kind: FieldKind; isCollection: boolean } | undefined {
  const inner = /^Collection\((.*)\)$/.exec(type)?.[1];
  const name = inner ?? type;
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  return kind === undefined ? undefined : { kind, isCollection: inner !== undefined };
}

/** These fields with all that is in complex ones. */
export function* withInner(fields: readonly Field[]): Iterable<Field> {
  for (const field of fields) {
    yield field;
    yield* withInner(field.fields);
  }
}

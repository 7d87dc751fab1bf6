import type { SearchField as IndexField, SearchIndex } from '@azure/search-documents';
import { edmTypeOf } from './field-values.js';
import { entryFields } from './index-entries.js';
import type { AnySearchFields, SearchField } from './search-field.js';

const abilities = ['searchable', 'filterable', 'sortable', 'facetable'] as const;
type Abilities = { readonly [Name in (typeof abilities)[number]]?: boolean | undefined };

/** An index as the service makes it. */
export function schemaOf(name: string, fields: AnySearchFields): SearchIndex {
  const declared = Object.entries(fields).map(([field, options]) => declaredField(field, options));
  return { name, fields: [...ownFields(), ...declared] };
}

/** In what an index that is there is another than it is declared; what it has beside that does no harm. */
export function differencesIn(index: SearchIndex, fields: AnySearchFields): readonly string[] {
  const present = new Map(index.fields.map((field) => [field.name, field as PresentField]));
  return schemaOf(index.name, fields).fields.flatMap((wanted) => {
    const field = present.get(wanted.name);
    if (field === undefined) return [`it has no field '${wanted.name}'`];
    return differencesInField(field, wanted as PresentField);
  });
}

interface PresentField extends Abilities {
  readonly name: string;
  readonly type: string;
  readonly key?: boolean | undefined;
  readonly analyzerName?: string | undefined;
}

function differencesInField(present: PresentField, wanted: PresentField): readonly string[] {
  if (present.type !== wanted.type) return [`field '${wanted.name}' is ${present.type}, not ${wanted.type}`];
  const differing = [...abilities, 'key' as const].filter(
    (ability) => (present[ability] ?? false) !== (wanted[ability] ?? false),
  );
  const isAnalyzedOtherwise = (present.analyzerName ?? undefined) !== wanted.analyzerName;
  return [
    ...differing.map((ability) => `field '${wanted.name}' is ${wanted[ability] ? 'not ' : ''}${ability}`),
    ...(isAnalyzedOtherwise ? [`field '${wanted.name}' has another analyzer`] : []),
  ];
}

function declaredField(name: string, field: SearchField): IndexField {
  return indexField(name, edmTypeOf(field), field, {
    ...(field.analyzer !== undefined && { analyzerName: field.analyzer }),
  });
}

function ownFields(): readonly IndexField[] {
  const { key, keyNumber, tenant, id, version, sending, sentAt, isDeleted } = entryFields;
  return [
    indexField(key, 'Edm.String', { filterable: true, sortable: true }, { key: true }),
    indexField(keyNumber, 'Edm.Int64', { filterable: true, sortable: true }),
    indexField(tenant, 'Edm.String', { filterable: true }),
    indexField(id, 'Edm.String', {}),
    indexField(version, 'Edm.String', {}),
    indexField(sending, 'Edm.String', {}),
    indexField(sentAt, 'Edm.Int64', { filterable: true, sortable: true }),
    indexField(isDeleted, 'Edm.Boolean', { filterable: true }),
  ];
}

/** Whatever is not said would be true for the service, and cost space. */
function indexField(name: string, type: string, can: Abilities, more: object = {}): IndexField {
  const said = Object.fromEntries(abilities.map((ability) => [ability, can[ability] ?? false]));
  return { name, type, hidden: false, ...said, ...more } as IndexField;
}

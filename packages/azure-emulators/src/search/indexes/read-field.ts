import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { invalidBody } from '../search-error.js';
import { isAnalyzer, standardAnalyzer } from '../text/analyzers.js';
import { type Ability, abilities, type Field, type FieldKind, typeNamed } from './field.js';

const nameShape = /^[A-Za-z]\w{0,127}$/;
const taken = /^azuresearch/i;
const properties = new Set([
  ...['name', 'type', 'key', 'fields', 'analyzer', 'searchAnalyzer', 'indexAnalyzer', 'normalizer'],
  ...['synonymMaps', 'stored', 'dimensions', 'vectorSearchProfile', 'vectorEncoding', ...abilities],
]);
/** What the service has beyond this emulator. */
const unsupported = ['normalizer', 'dimensions', 'vectorSearchProfile', 'vectorEncoding'];

/** The field that complex ones are in, as far as its inner ones go by it. */
interface Outer {
  readonly path: string;
  readonly isMany: boolean;
}

/** Reads fields of an index or of a complex field. Throws for what no index can have. */
export function readFields(value: JsonValue | undefined, outer?: Outer): readonly Field[] {
  if (!Array.isArray(value) || value.length === 0) throw invalidBody('index : Fields are missing.');
  const fields = (value as readonly JsonValue[]).map((one) => readField(one, outer));
  const names = new Set(fields.map(({ name }) => name));
  if (names.size < fields.length) throw invalidBody('index : Two fields have the same name.');
  return fields;
}

function readField(value: JsonValue, outer: Outer | undefined): Field {
  if (!isObject(value)) throw invalidBody('index : A field is no object.');
  const { name, type } = value;
  if (typeof name !== 'string' || !nameShape.test(name) || taken.test(name)) {
    throw invalidBody(`index : '${String(name)}' is no name of a field.`);
  }
  const refuse = (why: string) => invalidBody(`index : Field '${name}' ${why}.`);
  const unknown = Object.keys(value).find((property) => !properties.has(property));
  if (unknown !== undefined) throw refuse(`has an unknown property '${unknown}'`);
  const beyond = unsupported.find((property) => (value[property] ?? null) !== null);
  if (beyond !== undefined) throw refuse(`has '${beyond}', which is not supported here`);
  const known = typeof type === 'string' ? typeNamed(type) : undefined;
  if (known === undefined) throw refuse(`has the type '${String(type)}', which there is not, or not here`);
  const path = outer === undefined ? name : `${outer.path}/${name}`;
  const isMany = known.isCollection || outer?.isMany === true;
  const isKey = readFlag(value, 'key', false, refuse);
  const field: Field = {
    name,
    path,
    type: type as string,
    ...known,
    isMany,
    isKey,
    can: readAbilities(value, { ...known, isMany, isKey }, refuse),
    indexAnalyzer: readAnalyzer(value, 'indexAnalyzer', refuse),
    searchAnalyzer: readAnalyzer(value, 'searchAnalyzer', refuse),
    fields: known.kind === 'complex' ? readFields(value.fields, { path, isMany }) : [],
  };
  requireUsable(field, value, outer, refuse);
  return field;
}

type Refuse = (why: string) => Error;

function readFlag(value: JsonObject, name: string, otherwise: boolean, refuse: Refuse): boolean {
  const flag = value[name] ?? otherwise;
  if (typeof flag !== 'boolean') throw refuse(`has a '${name}' that is neither true nor false`);
  return flag;
}

interface Kept {
  readonly kind: FieldKind;
  readonly isCollection: boolean;
  readonly isMany: boolean;
  readonly isKey: boolean;
}

/** Whatever is not said is true where it can be. */
function readAbilities(value: JsonObject, kept: Kept, refuse: Refuse): Readonly<Record<Ability, boolean>> {
  const isPlain = kept.kind !== 'complex';
  const can: Readonly<Record<Ability, boolean>> = {
    retrievable: true,
    searchable: kept.kind === 'string',
    filterable: isPlain,
    sortable: isPlain && !kept.isMany,
    facetable: isPlain,
  };
  const read = (name: Ability) => readFlag(value, name, can[name], refuse);
  for (const name of abilities) {
    if (read(name) && !can[name]) throw refuse(`cannot be ${name}, being of this type`);
  }
  if (kept.isKey && !read('retrievable')) throw refuse('is the key and must be retrievable');
  return Object.fromEntries(abilities.map((name) => [name, read(name)])) as Record<Ability, boolean>;
}

function readAnalyzer(value: JsonObject, side: 'indexAnalyzer' | 'searchAnalyzer', refuse: Refuse): string {
  if ((value.analyzer ?? null) !== null && (value[side] ?? null) !== null) {
    throw refuse(`has both 'analyzer' and '${side}'`);
  }
  const name = value.analyzer ?? value[side] ?? standardAnalyzer;
  if (typeof name !== 'string' || !isAnalyzer(name))
    throw refuse(`has an unknown analyzer '${String(name)}'`);
  return name;
}

function requireUsable(field: Field, value: JsonObject, outer: Outer | undefined, refuse: Refuse): void {
  if (field.isKey && (field.type !== 'Edm.String' || outer !== undefined)) {
    throw refuse('cannot be the key: it must be an Edm.String of the document itself');
  }
  const isAnalyzed = ['analyzer', 'searchAnalyzer', 'indexAnalyzer'].some(
    (one) => (value[one] ?? null) !== null,
  );
  if (isAnalyzed && !field.can.searchable) throw refuse('has an analyzer, and is not searchable');
  if (field.kind !== 'complex' && Array.isArray(value.fields) && value.fields.length > 0) {
    throw refuse('has fields in it, and is not complex');
  }
}

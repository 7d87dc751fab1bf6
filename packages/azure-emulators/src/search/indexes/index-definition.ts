import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { invalidBody } from '../search-error.js';
import type { Field } from './field.js';
import { IndexSchema, type Suggester } from './index-schema.js';
import { readFields } from './read-field.js';

const nameShape = /^(?=.{2,128}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const mostFields = 1_000;
/** What says nothing about what a search finds, or nothing that this emulator goes by. It is kept and told. */
const kept = new Set(['description', 'corsOptions', 'similarity', 'encryptionKey']);
/** What an index may have for the service, and not here, unless nothing is in it. */
const unsupported = new Set([
  ...['analyzers', 'tokenizers', 'tokenFilters', 'charFilters', 'normalizers', 'scoringProfiles'],
  ...['defaultScoringProfile', 'semantic', 'vectorSearch'],
]);

export interface IndexDefinition {
  readonly name: string;
  readonly schema: IndexSchema;
  /** What clients are told of it. */
  readonly shown: JsonObject;
}

/** Throws for what cannot be an index. */
export function readIndexDefinition(body: unknown): IndexDefinition {
  if (!isObject(body)) throw invalidBody('index : The body is no object.');
  const { name } = body;
  if (typeof name !== 'string' || !nameShape.test(name)) {
    throw invalidBody(
      `index : '${String(name)}' is no name of an index: 2 to 128 small letters, digits and single dashes between them.`,
    );
  }
  for (const [property, value] of Object.entries(body)) requireSupported(property, value);
  const fields = readFields(body.fields);
  const keys = fields.filter(({ isKey }) => isKey).length;
  if (keys !== 1) throw invalidBody(`index : There must be one key field, and there are ${keys}.`);
  const schema = new IndexSchema(fields, readSuggesters(body.suggesters, fields));
  if (schema.size > mostFields) throw invalidBody(`index : There are more than ${mostFields} fields.`);
  const others = Object.fromEntries(Object.entries(body).filter(([property]) => kept.has(property)));
  const suggesters = (body.suggesters ?? []) as readonly JsonValue[];
  return { name, schema, shown: { name, ...others, fields: fields.map(shownField), suggesters } };
}

function requireSupported(property: string, value: JsonValue): void {
  if (property.startsWith('@odata.') || kept.has(property)) return;
  if (property === 'name' || property === 'fields' || property === 'suggesters') return;
  if (!unsupported.has(property)) throw invalidBody(`index : There is no property '${property}'.`);
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  if (!isEmpty) throw invalidBody(`index : '${property}' is not supported here.`);
}

function readSuggesters(value: JsonValue | undefined, fields: readonly Field[]): readonly Suggester[] {
  const suggesters = value ?? [];
  if (!Array.isArray(suggesters) || suggesters.length > 1) {
    throw invalidBody('index : There can be one suggester.');
  }
  return (suggesters as readonly JsonValue[]).map((one) => {
    const { name, sourceFields } = isObject(one) ? one : {};
    if (typeof name !== 'string' || !Array.isArray(sourceFields) || sourceFields.length === 0) {
      throw invalidBody('index : A suggester has a name and sourceFields.');
    }
    const sources = (sourceFields as readonly JsonValue[]).map((source) =>
      fields.find((field) => field.name === source && field.can.searchable),
    );
    if (sources.includes(undefined)) throw invalidBody('index : Suggestions come from searchable fields.');
    return { name, fields: sources as readonly Field[] };
  });
}

function shownField(field: Field): JsonObject {
  const { name, type, isKey, can, indexAnalyzer, searchAnalyzer } = field;
  if (field.kind === 'complex') return { name, type, fields: field.fields.map(shownField) };
  // An analyzer that nobody named is not told.
  const isOne = indexAnalyzer === searchAnalyzer;
  const named = (analyzer: string) => (analyzer === 'standard.lucene' ? null : analyzer);
  return {
    name,
    type,
    key: isKey,
    ...can,
    analyzer: isOne ? named(indexAnalyzer) : null,
    indexAnalyzer: isOne ? null : indexAnalyzer,
    searchAnalyzer: isOne ? null : searchAnalyzer,
    synonymMaps: [],
  };
}

import type { IndexSchema } from '../indexes/index-schema.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { badRequest, invalidBody } from '../search-error.js';
import { readFieldValues } from './field-values.js';

const actions = ['upload', 'merge', 'mergeOrUpload', 'delete'] as const;
type ActionKind = (typeof actions)[number];

export interface DocumentAction {
  readonly kind: ActionKind;
  readonly key: string;
  /** The fields that were named, as they are kept. */
  readonly values: JsonObject;
}

const mostActions = 1_000;

/** Reads a batch. Throws for one that the service cannot even read: then none of it is done. */
export function readBatch(schema: IndexSchema, body: unknown): readonly DocumentAction[] {
  const value = isObject(body) ? body.value : undefined;
  if (!Array.isArray(value)) throw invalidBody("actions : The body has no list 'value'.");
  if (value.length === 0) throw badRequest('No indexing actions found in the request.');
  if (value.length > mostActions) {
    throw badRequest(
      `Too many indexing actions found in the request: ${value.length} of at most ${mostActions}.`,
    );
  }
  return (value as readonly JsonValue[]).map((one, index) => readAction(schema, one, index));
}

function readAction(schema: IndexSchema, value: JsonValue, index: number): DocumentAction {
  if (!isObject(value)) throw invalidBody(`actions : ${index}: The document is no object.`);
  const kind = value['@search.action'] ?? 'upload';
  if (!actions.includes(kind as ActionKind)) {
    throw invalidBody(`actions : ${index}: '${String(kind)}' is no action.`);
  }
  const values = readFieldValues(schema.fields, value);
  const key = Object.hasOwn(values, schema.key.name) ? values[schema.key.name] : undefined;
  if (typeof key !== 'string' || key === '') {
    throw invalidBody(`actions : ${index}: Document key cannot be missing or empty.`);
  }
  return { kind: kind as ActionKind, key, values };
}
